"""results.json of PrairieLearn: what an external grader's container hands back for one submission.

Source: PrairieLearn, docs/externalGrading.md, and the element pl-external-grader-results, which shows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from checkers.findings import Verdict
from gradcheck.render import figures
from gradcheck.render.characters import on_one_line

from . import plain_text
from .gradescope import NOTHING_HANDED_IN
from .json_file import JsonObject, fitting, write_json
from .options import PlatformOptions, Written, the_only

if TYPE_CHECKING:
    from checkers.grading.submission import Graded, RunInfo
    from checkers.report import Report, TaskReport

FILE = "prairielearn.json"

LIMIT = 1_000_000
"""Bytes that PrairieLearn takes: "limited to 1 MB", and a million is the lesser of the two readings."""


def write(info: RunInfo, rows: Iterable[Graded], out: Path, options: PlatformOptions) -> Written:
    """Write prairielearn.json; the container's entry point puts it where PrairieLearn looks for it."""
    row = the_only(rows, "PrairieLearn")
    document = not_gradable(NOTHING_HANDED_IN) if row is None else results(info, row, options)
    write_json(document, out / FILE)
    return Written((out / FILE,))


def results(info: RunInfo, row: Graded, options: PlatformOptions) -> JsonObject:
    """The document of one submission: a test a task.

    What was not graded, or does not even run, is "not gradable": it costs the student no attempt.
    """
    level = options.hint_level(info)
    if row.refusal is not None:
        return not_gradable(row.refusal)
    if _runs_not_at_all(row.report):
        return not_gradable(*plain_text.of_problems(row.report, level))
    if row.report.max_score == 0:
        return not_gradable("This exercise gives no points, so there is nothing to grade.")
    return fitting(lambda longest: _document(info, row, level, options, longest), LIMIT)


def not_gradable(*errors: str) -> JsonObject:
    """The document of what has no score."""
    return {"gradable": False, "format_errors": [plain_text.shortened(error, 2000) for error in errors], "tests": []}


def _runs_not_at_all(report: Report) -> bool:
    faults = any(problem.is_fault for problem in report.problems)
    return faults and all(task.verdict is Verdict.NOT_RUN for task in report.tasks)


def _document(info: RunInfo, row: Graded, level: int, options: PlatformOptions, longest: int) -> JsonObject:
    report = row.report
    problems = "\n\n".join(plain_text.of_problems(report, level))
    return {
        "gradable": True,
        "score": min(1.0, round(report.score / report.max_score, 6)),
        "message": plain_text.shortened(problems, longest),
        "tests": [_test(task, report, level, options, longest) for task in report.tasks],
        "exercise": info.exercise,
        "seed": info.seed,
    }


def _test(task: TaskReport, report: Report, level: int, options: PlatformOptions, longest: int) -> JsonObject:
    return {
        "name": on_one_line(task.name),
        "description": f"{figures.MARKS[task.verdict]} {task.verdict}",
        "points": options.points(task.score, report),
        "max_points": options.points(task.max_score, report),
        "output": plain_text.shortened(plain_text.of_task(report, task, level), longest),
    }
