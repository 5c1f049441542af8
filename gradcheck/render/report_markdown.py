"""A report as Markdown with tables; every value in it is escaped, or stands in a code span or block."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from checkers.hints import redact

from . import figures
from .characters import on_one_line, visible
from .grouping import TaskView, Told, arrange
from .handed_in import UNNAMED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.findings import Finding
    from checkers.report import OutputReport, Report, TaskReport

    from .handed_in import HandedIn

# A page scrolls, so a map may be larger than in the terminal; beyond this nobody looks for a single square.
MAP_ROWS = 24
MAP_COLUMNS = 48

# An underscore within a word is no emphasis, and a dash or a number is a list only where a line begins: escaping all
# that could ever be markup makes the source unreadable.
_SPECIAL = re.compile(r"[\\`*\[\]<>|~&${}]|(?<!\w)_|_(?!\w)|^[-+#=]|(?<=^\d)[.)]|:(?=//)")


def render(report: Report, *, hints: int, handed_in: HandedIn | None = None) -> str:
    """The document at a hint level.

    Args:
        handed_in: what a page for a class's student says above the report; None on the student's own machine.
    """
    shown = redact(report, hints)
    parts = [_heading(shown)]
    if handed_in is not None:
        parts += _above(handed_in)
    views = () if handed_in is not None and handed_in.refusal is not None else arrange(shown)
    parts += [*(_finding(problem, shown) for problem in shown.problems), *_recognised(shown), _summary(shown)]
    parts += [_task(view, shown) for view in views if view.has_details]
    if shown.output.strip():
        parts.append(f"## Your code printed\n\n{block(visible(shown.output.rstrip()))}")
    parts.append(f"Seed {shown.seed}, gradcheck {escape(shown.version)}.")
    return "\n\n".join(parts) + "\n"


def render_task(report: Report, task: TaskReport, *, hints: int) -> str:
    """What there is to say of one task by itself, without a heading; "" where that is nothing."""
    shown = redact(replace(report, tasks=(task,)), hints)
    [view] = arrange(shown)
    return "\n\n".join(_details(view, shown))


def render_problems(report: Report, *, hints: int) -> str:
    """What belongs to no task: the file does not parse, import or run."""
    shown = redact(report, hints)
    return "\n\n".join(_finding(problem, shown) for problem in shown.problems)


def escape(text: str) -> str:
    """Escape what Markdown or HTML could read as markup, and put the text on one line.

    >>> print(escape("y_hat <i> _x_"), escape("- item"))
    y_hat \\<i\\> \\_x\\_ \\- item
    """
    return _SPECIAL.sub(r"\\\g<0>", on_one_line(text))


def span(text: str) -> str:
    """A code span on one line; its fence is longer than any run of backticks inside.

    A bar would end the cell of a table, and cannot be escaped in a span that stands outside one: such a text is escaped
    as prose instead.

    >>> span("dW"), span("a`b"), span("a|b")
    ('`dW`', '``a`b``', 'a\\\\|b')
    """
    line = on_one_line(text)
    if "|" in line or not line:
        return escape(line)
    fence = "`" * (_longest_run(line) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def block(text: str, language: str = "") -> str:
    """A fenced code block; its fence is longer than any run of backticks inside."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def table(rows: Sequence[Sequence[str]], right_from: int) -> str:
    """A table whose first row is its head; columns from `right_from` on are aligned right."""
    rule = [":--" if column < right_from else "--:" for column in range(len(rows[0]))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (rows[0], rule, *rows[1:]))


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def _heading(report: Report) -> str:
    score = f"{figures.points(report.score)} of {figures.points(report.max_score)} points"
    title = span(report.file) if report.file.strip() else UNNAMED
    against = (
        f"Exercise {span(report.exercise)}." if report.exercise is not None else "Checked against its own functions."
    )
    return f"# {title}: {report.verdict}, {score}\n\n{against}"


def _recognised(report: Report) -> list[str]:
    """How each function of a file of no exercise was understood, and which were left alone."""
    known = [
        f"- {span(one.name)}: {'. '.join(escape(said) for said in (one.rule, one.layout, *one.assumed) if said)}"
        for one in report.recognised
    ]
    left = [f"- {span(one.name)}, line {one.line}: {escape(one.reason)}" for one in report.left_alone]
    parts = ["## Recognised", "\n".join(known)] if known else []
    return parts + (["## Left alone", "\n".join(left)] if left else [])


def _above(handed_in: HandedIn) -> list[str]:
    facts = ". ".join(f"{what}: {escape(value)}" for what, value in handed_in.facts)
    refusal = [] if handed_in.refusal is None else [f"**Not graded:** {escape(handed_in.refusal)}"]
    return [*([facts] if facts else []), *refusal]


def _summary(report: Report) -> str:
    rows = [("", "function", "verdict", "points")]
    for task in report.tasks:
        score = f"{figures.points(task.score)} of {figures.points(task.max_score)}"
        rows.append((figures.MARKS[task.verdict], span(task.name), str(task.verdict), score))
    return table(rows, right_from=3)


def _task(view: TaskView, report: Report) -> str:
    task = view.task
    line = "" if task.line is None else f", line {task.line}"
    heading = f"## {figures.MARKS[task.verdict]} {span(task.name)}{line}"
    return "\n\n".join([heading, *_details(view, report)])


def _details(view: TaskView, report: Report) -> list[str]:
    parts = [] if view.task.call is None else [f"Called as {span(view.task.call)}."]
    parts += [_told(told, report) for told in view.faults]
    parts += [_evidence(output) for output in view.unexplained]
    parts += [_oracle_table(view.unexplained)] if _oracle_table(view.unexplained) else []
    return parts + [f"Note: {_finding(note, report)}" for note in view.notes]


def _told(told: Told, report: Report) -> str:
    if told.told_in is None:
        parts = [_finding(told.finding, report)]
    else:
        parts = [f"**{span(told.finding.code)}**: the same mistake as in {span(told.told_in)} above."]
    parts += [_evidence(output) for output in told.outputs]
    parts += [f"In the derivation, step {span(name)}:\n\n{block(visible(text))}" for name, text in told.steps]
    parts.append(_oracle_table(told.outputs))
    return "\n\n".join(part for part in parts if part)


def _finding(finding: Finding, report: Report) -> str:
    heading = f"**{span(finding.code)}**"
    if finding.outputs:
        heading += f" in {', '.join(map(span, finding.outputs))}"
    if finding.line is not None:
        heading += f" at {span(f'{report.file}:{finding.line}')}"
    parts = [f"{heading} ({finding.certainty})", escape(finding.message)]
    if finding.fix is not None:
        parts.append(_edit(finding))
    if finding.hint is not None:
        parts.append(f"**Try:** {escape(finding.hint)}")
    for alternative in finding.alternatives:
        parts.append(f"The same numbers come from {span(alternative.code)}: {escape(alternative.message)}")
    return "\n\n".join(parts)


def _edit(finding: Finding) -> str:
    """The proven edit as a diff."""
    removed = [] if finding.source is None else [f"- {line}" for line in visible(finding.source).split("\n")]
    added = [f"+ {line}" for line in visible(finding.fix or "").split("\n")]
    diff = block("\n".join([*removed, *added]), "diff")
    if finding.fix_relative_error is None:
        return diff
    return f"{diff}\n\nWith this change it matches to {figures.error(finding.fix_relative_error)}."


def _evidence(output: OutputReport) -> str:
    shape = "" if output.shape is None else f" {figures.shape(output.shape)}"
    said = figures.wrong_entries(output) or str(output.verdict)
    reason = "" if output.reason is None else f": {escape(output.reason)}"
    parts = [f"{figures.MARKS[output.verdict]} **{span(output.name)}**{shape}: {said}{reason}", _entries(output)]
    rows, note = figures.cut_map(output.entry_map, MAP_ROWS, MAP_COLUMNS)
    if rows:
        parts.append(f"Wrong entries{f' ({note})' if note else ''}:\n\n{block(chr(10).join(rows))}")
    return "\n\n".join(part for part in parts if part)


def _entries(output: OutputReport) -> str:
    columns = figures.entry_columns(output)
    return (
        table([[title for title, _ in columns], *zip(*(values for _, values in columns), strict=True)], 1)
        if columns
        else ""
    )


def _oracle_table(outputs: tuple[OutputReport, ...]) -> str:
    rows = [[span(output.name), *figures.oracle_cells(output)] for output in outputs if figures.oracle_cells(output)]
    return table([("oracle", *figures.ORACLES), *rows], right_from=4) if rows else ""
