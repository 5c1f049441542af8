"""What every format says of a written statement: its place, its formula, the marked part, the words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from checkers.findings import Finding
from derivations.unicode_text import ASCII, TextStyle
from derivations.written.source.document import Document
from derivations.written.terms import Span, Term
from derivations.written.verdicts import CheckedDerivation, CheckedStatement, Judgement
from derivations.written.writing.latex import latex
from derivations.written.writing.text import Line, in_ascii, relation, text_line, text_style
from derivations.written.writing.tidy import tidied

MARKS = {
    Judgement.WRONG: "✗",
    Judgement.NOT_CHECKABLE: "?",
    Judgement.CONVENTION: "~",
    Judgement.RIGHT: "✓",
    Judgement.DEFINITION: "·",
}
NAMES = {
    Judgement.WRONG: "wrong",
    Judgement.NOT_CHECKABLE: "not checkable",
    Judgement.CONVENTION: "right under a convention",
    Judgement.RIGHT: "right",
    Judgement.DEFINITION: "definition",
}
DOES_NOT_FOLLOW = "right, but does not follow from the line before"
LOOKED_FOR = (
    "an equality in $...$, $$...$$, \\(...\\), \\[...\\] or an environment such as equation or align, "
    "such as $z_i = \\sum_j w_j x_{ij} + b$"
)


@dataclass(frozen=True)
class StatementView:
    """A statement with what is shown of it.

    Attributes:
        line, column, end_line, end_column: lines count from 1, columns from 0; in a notebook, of its cell.
        cell: the notebook's cell, counted from 1; None elsewhere.
        source: the LaTeX as it stands in the document.
    """

    statement: CheckedStatement
    document: Document

    @cached_property
    def source(self) -> str:  # noqa: D102
        return self.document.text[self.statement.start : self.statement.end]

    @cached_property
    def place(self) -> tuple[int, int]:
        """Line and column of its beginning."""
        return self.document.position(self.statement.start)

    @cached_property
    def end_place(self) -> tuple[int, int]:
        """Line and column of its end."""
        return self.document.position(self.statement.end)

    @cached_property
    def cell(self) -> int | None:
        """The notebook's cell, counted from 1; None elsewhere."""
        return self.document.cell(self.statement.start)

    @cached_property
    def where(self) -> str:
        """The place in words.

        A notebook's line is one of its cell.
        """
        line = f"line {self.place[0]}"
        return line if self.cell is None else f"cell {self.cell}, {line}"

    @property
    def anchor(self) -> str:
        """Its name on a page."""
        return f"chain-{self.statement.chain}-{self.statement.equality}"

    @cached_property
    def headline(self) -> str:
        """The verdict in a few words."""
        statement = self.statement
        if statement.judgement is Judgement.RIGHT and statement.follows is False:
            return DOES_NOT_FOLLOW
        if statement.judgement is Judgement.CONVENTION and statement.reason:
            return statement.reason
        return NAMES[statement.judgement]

    @cached_property
    def reason(self) -> str | None:
        """The reason, where neither the headline nor a finding says it; or how the lines before it stand."""
        reason = self.statement.reason
        said = {self.headline, *(finding.message for finding in self.statement.findings)}
        if reason is not None and _bare(reason) not in set(map(_bare, said)):
            return reason
        earlier = "equality of this chain" if self.statement.equality > 1 else "chain for this left side"
        if self.headline == DOES_NOT_FOLLOW:
            return f"An earlier {earlier} does not hold."
        if self.statement.judgement is Judgement.WRONG and not self.statement.first_wrong_of_chain:
            return f"An earlier {earlier} does not hold either: the mistakes may cancel."
        return None

    @cached_property
    def needs_attention(self) -> bool:
        """Is there more to say than that it is right?"""
        statement = self.statement
        is_good = statement.judgement in {Judgement.RIGHT, Judgement.DEFINITION} and statement.follows is not False
        return not is_good or bool(statement.findings)

    @cached_property
    def fault(self) -> Finding | None:
        """The first finding that is more than a note."""
        return next((finding for finding in self.statement.findings if finding.is_fault), None)

    @cached_property
    def is_without_meaning(self) -> bool:
        """Is it not checkable, with a reason and no place that could be marked?"""
        judgement, findings = self.statement.judgement, self.statement.findings
        return judgement is Judgement.NOT_CHECKABLE and self.is_read and not findings

    @cached_property
    def is_read(self) -> bool:
        """Are there terms to show, rather than the source only?"""
        return self.statement.right is not None

    def formula(self, style: TextStyle | None = None) -> Line:
        """The equality on one line; of what could not be read, the source."""
        statement = self.statement
        if statement.right is None:
            return self.source_line(style)
        sides = [side for side in (statement.left, statement.right) if side is not None]
        style = style or text_style(sides)
        left = Line() if statement.left is None else text_line(statement.left, style)
        sign = Line(relation(statement.sign))
        sign = in_ascii(sign) if style.ascii else sign
        return _printable(left + " " + sign + " " + text_line(statement.right, style))

    def source_line(self, style: TextStyle | None = None) -> Line:
        """The source on one line, every character in its place."""
        text, places, end = "", [], 0
        for number, character in enumerate(self.source):
            shown = " " if character.isspace() or not character.isprintable() else character
            if shown == " " and (not text or text.endswith(" ")):
                continue
            end = self.statement.start + number
            places.append(((end, end + 1), len(text), len(text) + 1))
            text += shown
        line = Line(text, tuple(places))
        return in_ascii(line) if style is ASCII else line

    def marked(self, finding: Finding) -> Span | None:
        """The finding's place as offsets in the document's text; None where it has none, or is the whole statement."""
        if finding.line is None:
            return None
        start = self._offset(finding.line, finding.column or 0)
        end_line = finding.end_line if finding.end_line is not None else finding.line
        end = self._offset(
            end_line, finding.end_column if finding.end_column is not None else (finding.column or 0) + 1
        )
        whole = start <= self.statement.start and end >= self.statement.end
        return (start, end) if start < end and not whole else None

    def _offset(self, line: int, column: int) -> int:
        cell = self.cell
        begin = next((start for start, number in self.document.cells if number == cell), 0)
        for _ in range(line - 1):
            begin = self.document.text.find("\n", begin) + 1
        return begin + column

    @cached_property
    def correction(self) -> Term | None:
        """The right side made right, as one would write it."""
        repaired = self.statement.repaired
        return None if repaired is None or repaired == self.statement.right else tidied(repaired, self.statement.right)

    @cached_property
    def correction_latex(self) -> str | None:
        """The correction as LaTeX, ready to be pasted; None where there is none."""
        if self.correction is not None:
            return latex(self.correction)
        return next((finding.fix for finding in self.statement.findings if finding.is_fault and finding.fix), None)

    def correction_line(self, style: TextStyle | None = None) -> Line | None:
        """The correction on one line of text; None where it is not known as a term."""
        if self.correction is None:
            return None
        sign = Line(relation(self.statement.sign))
        return _printable((in_ascii(sign) if style is ASCII else sign) + " " + text_line(self.correction, style))


def _bare(sentence: str) -> str:
    return sentence.rstrip(".").lower()


def _printable(line: Line) -> Line:
    """A word in a formula may hold anything; each sign keeps its place."""
    return Line("".join(sign if sign.isprintable() else "?" for sign in line.text), line.places)


def views(derivation: CheckedDerivation) -> tuple[StatementView, ...]:
    """A view of every statement, in the document's order."""
    return tuple(StatementView(statement, derivation.document) for statement in derivation.statements)


def coverage_text(derivation: CheckedDerivation) -> str:
    """How much was judged: "38 of 40 statements checked, 2 not checkable: lines 12, 30"."""
    missed = [s.start for s in derivation.statements if s.judgement is Judgement.NOT_CHECKABLE]
    total = len(derivation.statements)
    text = f"{total - len(missed)} of {total} statement{'s' if total != 1 else ''} checked"
    return f"{text}, {len(missed)} not checkable: {derivation.document.lines_of(missed)}" if missed else text


def counts_text(derivation: CheckedDerivation) -> str:
    """How many statements have which verdict, the ones that are there only."""
    counts = derivation.counts
    order = (Judgement.RIGHT, Judgement.WRONG, Judgement.CONVENTION, Judgement.DEFINITION, Judgement.NOT_CHECKABLE)
    parts = [f"{counts[kind]} {_plural(NAMES[kind], counts[kind])}" for kind in order if counts[kind]]
    return ", ".join(parts)


def _plural(name: str, count: int) -> str:
    return f"{name}s" if name == "definition" and count != 1 else name
