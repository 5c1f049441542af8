"""Arranges a report for reading: each mistake is told once, with every output it explains under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from checkers.findings import Finding, Verdict

if TYPE_CHECKING:
    from checkers.report import OutputReport, Report, TaskReport


@dataclass(frozen=True, slots=True)
class Told:
    """One finding and the evidence for it.

    Attributes:
        outputs: the outputs it explains, except those that stand under an earlier finding.
        steps: the derivation's steps concerned, name and text.
        told_in: the task under which the same mistake was told already; None the first time.
    """

    finding: Finding
    outputs: tuple[OutputReport, ...]
    steps: tuple[tuple[str, str], ...]
    told_in: str | None = None


@dataclass(frozen=True, slots=True)
class TaskView:
    """One task: its faults with their evidence, the outputs no finding explains, then its notes."""

    task: TaskReport
    faults: tuple[Told, ...]
    unexplained: tuple[OutputReport, ...]
    notes: tuple[Finding, ...]

    @property
    def has_details(self) -> bool:
        """Is there more to say than the verdict?"""
        return bool(self.faults or self.unexplained or self.notes)


def arrange(report: Report) -> tuple[TaskView, ...]:
    """The tasks of a report (redacted already, if it is to be), in order.

    An output of which nothing is known but that it is wrong or was not run has no evidence to show, and is left out; so
    is a task's finding that repeats a problem of the whole file.
    """
    told: dict[tuple[object, ...], str] = {}
    return tuple(_view(task, report.problems, told) for task in report.tasks)


def _view(task: TaskReport, problems: tuple[Finding, ...], told: dict[tuple[object, ...], str]) -> TaskView:
    said = {finding.message for finding in (*problems, *task.findings)}
    left = {output.name: output for output in task.outputs if _says_something(output, said)}
    of_the_file = {_identity(problem) for problem in problems}
    faults = [
        _tell(finding, task, left, told)
        for finding in task.findings
        if finding.is_fault and _identity(finding) not in of_the_file
    ]
    notes = tuple(finding for finding in task.findings if not finding.is_fault)
    return TaskView(task, tuple(faults), tuple(left.values()), notes)


def _says_something(output: OutputReport, said: set[str]) -> bool:
    """Has it evidence, or a reason that no finding gives already?"""
    if output.verdict is Verdict.RIGHT:
        return False
    return (
        (output.reason is not None and output.reason not in said)
        or output.relative_error is not None
        or bool(output.wrong)
    )


def _tell(
    finding: Finding, task: TaskReport, left: dict[str, OutputReport], told: dict[tuple[object, ...], str]
) -> Told:
    """Take the outputs the finding explains out of `left`; one that names no outputs explains all of its task."""
    names = finding.outputs or [name for name, output in left.items() if output.verdict is not Verdict.UNDECIDED]
    outputs = tuple(left.pop(name) for name in names if name in left)
    told_in = told.get(_identity(finding))
    told.setdefault(_identity(finding), task.name)
    steps = tuple(step for step in task.steps if step[0] == finding.step)
    return Told(finding, outputs, () if told_in else steps, told_in)


def _identity(finding: Finding) -> tuple[object, ...]:
    """Two findings of one code at one place are one mistake; without a place, the message decides."""
    if finding.line is None:
        return finding.code, finding.message
    return finding.code, finding.line, finding.column
