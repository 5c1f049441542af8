"""Hint levels: how much of a report a student sees.

    0  verdicts and scores
    1  also what is said to be wrong (code, family, message) and which entries are
    2  also where (line, step), the student's own values, and what to try
    3  also the expected values, the source concerned and its fix

What a level hides becomes None, or an empty tuple where there is a sequence; the JSON renderer writes null for both.
What belongs to no task (the file does not parse, import or run) is told at every level: Python itself says as much, and
without it the report's verdict would change.

A level hides whole fields only and rewrites no text: a message never holds an expected value or a fix, by the rule its
writer follows (findings.py). A relative error is shown from level 1: probes are drawn afresh for every run, so it gives
away nothing that could be handed in.
"""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum
from typing import TYPE_CHECKING

from .report import Entry, Oracles, OutputReport, Report, TaskReport

if TYPE_CHECKING:
    from .findings import Finding


class HintLevel(IntEnum):
    """What is shown; each level shows all that the levels below it show."""

    VERDICTS = 0
    MISTAKES = 1
    PLACES = 2
    SOLUTIONS = 3


DEFAULT = HintLevel.PLACES
"""What `gradcheck FILE` shows unless told otherwise."""


def redact(report: Report, level: int) -> Report:
    """The report without what `level` hides; verdicts, scores and the student's own printed output always stay.

    Args:
        report: the full report.
        level: 0 to 3.

    Raises:
        ValueError: level is not one of the four.
    """
    level = HintLevel(level)
    tasks = tuple(_redact_task(task, level) for task in report.tasks)
    return replace(report, tasks=tasks, problems=tuple(_redact_finding(finding, level) for finding in report.problems))


def _redact_task(task: TaskReport, level: HintLevel) -> TaskReport:
    return replace(
        task,
        line=task.line if level >= HintLevel.PLACES else None,
        call=task.call if level >= HintLevel.MISTAKES else None,
        steps=task.steps if level >= HintLevel.PLACES else (),
        outputs=tuple(_redact_output(output, level) for output in task.outputs),
        findings=tuple(_redact_finding(finding, level) for finding in task.findings) if level else (),
    )


def _redact_output(output: OutputReport, level: HintLevel) -> OutputReport:
    if level == HintLevel.VERDICTS:
        return OutputReport(name=output.name, of=output.of, verdict=output.verdict, oracles=Oracles())
    return replace(output, wrong=tuple(_redact_entry(entry, level) for entry in output.wrong))


def _redact_entry(entry: Entry, level: HintLevel) -> Entry:
    return Entry(
        index=entry.index,
        yours=entry.yours if level >= HintLevel.PLACES else None,
        expected=entry.expected if level >= HintLevel.SOLUTIONS else None,
    )


def _redact_finding(finding: Finding, level: HintLevel) -> Finding:
    if level < HintLevel.SOLUTIONS:
        finding = replace(finding, source=None, fix=None, fix_relative_error=None)
    if level < HintLevel.PLACES:
        finding = replace(finding, hint=None, step=None, line=None, column=None, end_line=None, end_column=None)
    return finding
