"""What is said of one task as plain text: for logs and boxes that show neither Markdown nor colour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from checkers.findings import Certainty
from checkers.hints import redact
from gradcheck.render import figures
from gradcheck.render.characters import on_one_line, visible
from gradcheck.render.grouping import Told, arrange

if TYPE_CHECKING:
    from checkers.findings import Finding
    from checkers.report import OutputReport, Report, TaskReport

CUT = "\n... (the rest is left out)"


def of_task(report: Report, task: TaskReport, level: int) -> str:
    """What there is to say of one task by itself, a line feed between the parts; "" where that is nothing."""
    shown = redact(replace(report, tasks=(task,)), level)
    [view] = arrange(shown)
    parts = [] if view.task.call is None else [f"called as {on_one_line(view.task.call)}"]
    parts += [_told(told) for told in view.faults]
    parts += [_evidence(output) for output in view.unexplained]
    parts += [f"note  {_finding(note)}" for note in view.notes]
    return "\n\n".join(parts)


def of_problems(report: Report, level: int) -> tuple[str, ...]:
    """What belongs to no task: the file does not parse, import or run."""
    return tuple(_finding(problem) for problem in redact(report, level).problems)


def shortened(text: str, longest: int) -> str:
    """The text, or its beginning and the word that there was more.

    >>> shortened("123456", 5)
    '12345\\n... (the rest is left out)'
    """
    return text if len(text) <= longest else text[:longest] + CUT


def _told(told: Told) -> str:
    parts = [_finding(told.finding), *map(_evidence, told.outputs)]
    parts += [f"In the derivation, step {name}:\n{visible(text)}" for name, text in told.steps]
    return "\n\n".join(parts)


def _finding(finding: Finding) -> str:
    return "\n".join(_finding_lines(finding))


def _finding_lines(finding: Finding) -> Iterator[str]:
    line = "" if finding.line is None else f"  line {finding.line}"
    names = f"  {', '.join(map(on_one_line, finding.outputs))}" if finding.outputs else ""
    yield f"{finding.code}{names}{line}"
    yield visible(finding.message)
    if finding.fix is not None:
        yield from (f"  - {line}" for line in visible(finding.source or "").split("\n"))
        yield from (f"  + {line}" for line in visible(finding.fix).split("\n"))
    if finding.hint is not None:
        yield f"Try: {visible(finding.hint)}"
    for alternative in finding.alternatives:
        message = "" if finding.certainty is Certainty.PROVEN else f": {visible(alternative.message)}"
        yield f"The same numbers come from {alternative.code}{message}"


def _evidence(output: OutputReport) -> str:
    shape = "" if output.shape is None else f" {figures.shape(output.shape)}"
    reason = "" if output.reason is None else f": {visible(output.reason)}"
    said = figures.wrong_entries(output) or str(output.verdict)
    columns = figures.entry_columns(output)
    entries = zip(*(values for _, values in columns), strict=True)
    titles = [title for title, _ in columns]
    rows = (
        "  " + "  ".join(_titled(title, value) for title, value in zip(titles, row, strict=True)) for row in entries
    )
    return "\n".join([f"{figures.MARKS[output.verdict]} {on_one_line(output.name)}{shape}  {said}{reason}", *rows])


def _titled(title: str, value: str) -> str:
    return value if title == "entry" else f"{title} {value}"
