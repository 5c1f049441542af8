"""A report as JUnit XML: one test case a task, as test dashboards read it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from checkers.findings import Verdict
from checkers.hints import redact

from .characters import on_one_line, visible

if TYPE_CHECKING:
    from checkers.findings import Finding
    from checkers.report import Report, TaskReport

_ELEMENTS = {Verdict.WRONG: "failure", Verdict.NOT_RUN: "error", Verdict.UNDECIDED: "skipped"}
"""Not run is an error, not skipped: a dashboard shows what is skipped as harmless."""


def render(report: Report, *, hints: int) -> str:
    """The document: a suite for the file, one case a task, and one for each problem that belongs to no task."""
    suite = suite_of(report, on_one_line(f"{report.exercise or 'gradients'} {report.file}"), hints=hints)
    ET.indent(suite)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(suite, encoding="unicode")}\n'


def suite_of(report: Report, name: str, *, hints: int) -> ET.Element:
    """The suite by itself, for a document of several."""
    shown = redact(report, hints)
    counts = [task.verdict for task in shown.tasks]
    suite = ET.Element(
        "testsuite",
        name=name,
        tests=str(len(shown.tasks) + len(shown.problems)),
        failures=str(counts.count(Verdict.WRONG)),
        errors=str(counts.count(Verdict.NOT_RUN) + sum(problem.is_fault for problem in shown.problems)),
        skipped=str(counts.count(Verdict.UNDECIDED)),
        time=f"{shown.seconds:.3f}",
    )
    for problem in shown.problems:
        _add_problem(suite, problem, shown)
    for task in shown.tasks:
        _add_task(suite, task, shown)
    return suite


def _add_problem(suite: ET.Element, problem: Finding, report: Report) -> None:
    case = ET.SubElement(suite, "testcase", classname=on_one_line(report.file), name=problem.code)
    if problem.is_fault:
        ET.SubElement(case, "error", type=problem.code, message=on_one_line(problem.message)).text = _told(problem)


def _add_task(suite: ET.Element, task: TaskReport, report: Report) -> None:
    case = ET.SubElement(suite, "testcase", classname=on_one_line(report.file), name=on_one_line(task.name))
    if task.verdict is Verdict.RIGHT:
        return
    faults = [finding for finding in task.findings if finding.is_fault]
    element = ET.SubElement(case, _ELEMENTS[task.verdict], message=_summary(task, faults))
    if faults:
        element.set("type", faults[0].code)
    element.text = "\n\n".join(map(_told, faults)) or None


def _summary(task: TaskReport, faults: list[Finding]) -> str:
    if faults:
        return on_one_line(faults[0].message)
    reasons = [output.reason for output in task.outputs if output.reason is not None]
    return on_one_line(reasons[0]) if reasons else str(task.verdict)


def _told(finding: Finding) -> str:
    parts = [
        f"{finding.code}: {finding.message}",
        None if finding.line is None else f"line {finding.line}",
        None if finding.hint is None else f"Try: {finding.hint}",
        None if finding.source is None else f"- {finding.source}",
        None if finding.fix is None else f"+ {finding.fix}",
    ]
    return visible("\n".join(part for part in parts if part is not None))
