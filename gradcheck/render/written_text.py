"""A checked derivation in the terminal: a block for each mistake, its formula with a caret, and what was checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from checkers.findings import Verdict
from derivations.line_breaking import formula_lines
from derivations.unicode_text import ASCII, TextStyle
from derivations.written.verdicts import Judgement
from derivations.written.writing.text import Line

from .aligned_text import wrapped
from .characters import ascii_only, on_one_line, visible
from .report_text import CERTAINTY_WORDS
from .text_evidence import STYLES as VERDICT_STYLES
from .written_view import MARKS, StatementView, counts_text, coverage_text, views

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from checkers.findings import Finding
    from derivations.written.verdicts import CheckedDerivation

STYLES = {
    Judgement.WRONG: "red",
    Judgement.NOT_CHECKABLE: "yellow",
    Judgement.CONVENTION: "cyan",
    Judgement.RIGHT: "green",
    Judgement.DEFINITION: "dim",
}
_INDENT = "    "
_MOST_ROWS = 8  # of a formula that could not be read


def print_derivation_check(derivation: CheckedDerivation, console: Console, *, verbose: bool = False) -> None:
    """Print what was found.

    Args:
        verbose: also the statements that are right, in one line each.
    """
    printer = _Printer(console, None if console.encoding.lower().startswith("utf") else ASCII)
    lines = list(printer.document(derivation, verbose=verbose))
    console.print(Text("\n").join(lines), soft_wrap=True, highlight=False)


class _Printer:
    def __init__(self, console: Console, style: TextStyle | None) -> None:
        self.console = console
        self.style = style

    @property
    def room(self) -> int:
        return max(self.console.width - len(_INDENT), 20)

    def shown(self, text: str) -> str:
        return ascii_only(visible(text)) if self.style else visible(text)

    def sentence(self, text: Text | str) -> Iterator[Text]:
        text = Text(self.shown(text)) if isinstance(text, str) else text
        for line in wrapped(text, self.room, self.console):
            yield Text(_INDENT).append_text(line)

    def document(self, derivation: CheckedDerivation, *, verbose: bool) -> Iterator[Text]:
        name = Text(on_one_line(derivation.document.name), style="bold")
        against = f"against {derivation.model}" if derivation.model else "by its own definitions"
        yield Text()
        yield from wrapped(Text.assemble(name, ("  checked " + against, "dim")), self.console.width, self.console)
        shown = views(derivation)
        grouped = [] if verbose else [view for view in shown if view.is_without_meaning]
        short_before = False
        for view in shown:
            if view in grouped:
                continue
            is_short = not view.needs_attention
            if is_short and not verbose:
                continue
            if not (is_short and short_before):
                yield Text()
            yield from [self.short(view)] if is_short else self.block(view)
            short_before = is_short
        yield from self.without_meaning(grouped)
        for note in derivation.notes:
            yield Text()
            yield from self.plain(note)
        yield Text()
        yield from self.ending(derivation, verbose=verbose)

    def without_meaning(self, grouped: list[StatementView]) -> Iterator[Text]:
        """What is not checkable for one reason, together: often a single missing definition."""
        style = STYLES[Judgement.NOT_CHECKABLE]
        for reason in dict.fromkeys(view.statement.reason or "" for view in grouped):
            yield Text()
            heading = Text.assemble((self.shown(MARKS[Judgement.NOT_CHECKABLE]), style), (" not checkable", style))
            heading.append(f": {self.shown(reason)}" if reason else "")
            yield from wrapped(heading, self.console.width, self.console)
            for view in grouped:
                if (view.statement.reason or "") == reason:
                    yield self.cut(Text(_INDENT).append(f"{view.where}  ", "bold"), view)

    def plain(self, text: str, style: str = "") -> Iterator[Text]:
        yield from wrapped(Text(self.shown(text), style=style), self.console.width, self.console)

    # One statement ----------------------------------------------------------------------------------------------------

    def heading(self, view: StatementView) -> Text:
        statement = view.statement
        style = STYLES[statement.judgement]
        heading = Text.assemble((self.shown(MARKS[statement.judgement]), style), " ", (view.where, "bold"), "  ")
        if statement.judgement is Judgement.WRONG and statement.findings:
            finding = statement.findings[0]
            heading.append(finding.code, f"bold {style}")
            if CERTAINTY_WORDS[finding.certainty]:
                heading.append(f"  {CERTAINTY_WORDS[finding.certainty]}", "dim")
            return heading
        return heading.append(self.shown(view.headline), style)

    def short(self, view: StatementView) -> Text:
        return self.cut(self.heading(view).append("  "), view, "dim")

    def cut(self, heading: Text, view: StatementView, style: str = "") -> Text:
        """As much of the formula as the line has room for."""
        formula = self.formula(view).text
        room = max(self.console.width - heading.cell_len, 10)
        if Text(formula).cell_len > room:
            formula = formula[: room - 3] + "..."
        return heading.append(formula, style)

    def block(self, view: StatementView) -> Iterator[Text]:
        heading = self.heading(view)
        yield from wrapped(heading, self.console.width, self.console)
        findings = view.statement.findings
        yield from self.marked_formula(view, findings[0] if findings else None)
        for number, finding in enumerate(findings):
            yield from self.finding(finding, is_first=number == 0)
        if view.reason is not None:
            yield from self.sentence(view.reason)
        yield from self.correction(view)
        yield from self.advice(view, findings)

    def finding(self, finding: Finding, *, is_first: bool) -> Iterator[Text]:
        prefix = "Note: " if not finding.is_fault else "" if is_first else f"Also {finding.code}: "
        yield from self.sentence(f"{prefix}{finding.message}")

    def advice(self, view: StatementView, findings: tuple[Finding, ...]) -> Iterator[Text]:
        for finding in findings[:1]:
            if finding.hint:
                yield from self.sentence(Text.assemble(("Try: ", "bold"), self.shown(finding.hint)))
            others = ", ".join(other.code for other in finding.alternatives)
            if others:
                yield from self.sentence(Text(f"The same numbers come from {others}.", "dim"))
        if view.statement.reading:
            yield from self.sentence(Text(f"Read so: {self.shown(view.statement.reading)}", "dim"))

    def correction(self, view: StatementView) -> Iterator[Text]:
        latex = view.correction_latex
        if latex is None:
            return
        yield Text(f"{_INDENT}Right would be")
        line = view.correction_line(self.style)
        if line is not None:
            for number, (row, _) in enumerate(_rows(line, self.room - 4)):
                yield Text(f"{_INDENT}{'  ' if number == 0 else '    '}{row}", "green")
        yield Text(f"{_INDENT}  {visible(latex)}", "green")

    # Formulas ---------------------------------------------------------------------------------------------------------

    def formula(self, view: StatementView) -> Line:
        return view.formula(self.style) if view.is_read else view.source_line(self.style)

    def marked_formula(self, view: StatementView, finding: Finding | None) -> Iterator[Text]:
        line = self.formula(view)
        if view.is_read and view.statement.equality > 1 and Text(line.text).cell_len > self.room:
            # The left side of a later equality stands in the line before.
            line = _without_left(line, view)
        marked = None if finding is None else view.marked(finding)
        place = None if marked is None else line.find(marked)
        style = STYLES[view.statement.judgement]
        rows = list(_rows(line, self.room - 2))
        for number, (row, start) in enumerate(rows):
            if not view.is_read and number == _MOST_ROWS:
                yield Text(f"{_INDENT}  ...")
                break
            indent = _INDENT + ("  " if number else "")
            yield Text(indent + row)
            caret = "" if place is None else _carets(row, place[0] - start, place[1] - start)
            if caret:
                yield Text.assemble(indent, (caret, style))

    # The end ----------------------------------------------------------------------------------------------------------

    def ending(self, derivation: CheckedDerivation, *, verbose: bool) -> Iterator[Text]:
        style = VERDICT_STYLES[derivation.verdict]
        yield from wrapped(Text(self.shown(counts_text(derivation)), f"bold {style}"), self.console.width, self.console)
        yield from self.plain(coverage_text(derivation))
        if derivation.strict and derivation.verdict is Verdict.WRONG:
            yield from self.plain("--strict: what is right under a convention or not checkable counts as wrong.", "dim")
        wrong = [s for s in derivation.statements if s.judgement is Judgement.WRONG]
        codes = [
            finding.code for s in wrong for finding in s.findings if finding.is_fault and finding.code != "unknown"
        ]
        if codes:
            yield self.command(f"gradcheck explain {codes[0]}", "what this mistake is, and why it happens")
        if not verbose and any(not view.needs_attention for view in views(derivation)):
            yield self.command("--verbose", "also what is right, line by line")
        yield Text()

    @staticmethod
    def command(command: str, purpose: str) -> Text:
        return Text.assemble("  ", (command, "cyan"), (f"  {purpose}", "dim"))


def _without_left(line: Line, view: StatementView) -> Line:
    """The line from its relation sign on."""
    right = view.statement.right
    found = None if right is None else next((place for place in reversed(line.places) if place[0] == right.span), None)
    if found is None:
        return line
    before = line.text[: found[1]].rstrip()
    cut = len(before.rpartition(" ")[0])
    moved = tuple((span, start - cut, end - cut) for span, start, end in line.places if start >= cut)
    return Line("…" + line.text[cut:], tuple((span, start + 1, end + 1) for span, start, end in moved))


def _rows(line: Line, width: int) -> Iterator[tuple[str, int]]:
    """The line in rows of at most `width`, each with the place of its first sign."""
    start = 0
    for row in formula_lines(line.text, width):
        yield row, start
        start += len(row) + 1


def _carets(row: str, start: int, end: int) -> str:
    """Carets under a part of the row; empty where it lies in another row."""
    start, end = max(start, 0), min(end, len(row))
    if start >= end:
        return ""
    return " " * Text(row[:start]).cell_len + "^" * max(Text(row[start:end]).cell_len, 1)
