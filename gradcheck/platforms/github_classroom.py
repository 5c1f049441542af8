"""GitHub Classroom: the result of a grading step, and the two notices in which its reporter tells the points.

Source: classroom-resources/autograding-grading-reporter, src/main.js and src/notify-classroom.js.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from checkers.findings import Verdict
from gradcheck.grading.whole_file import whole_file
from gradcheck.render import figures
from gradcheck.render.characters import on_one_line

from . import plain_text
from .gradescope import NOTHING_HANDED_IN
from .json_file import JsonObject, as_text
from .options import PlatformOptions, Written, the_only

if TYPE_CHECKING:
    from checkers.grading.submission import Graded, RunInfo
    from checkers.report import Report, TaskReport

RESULT = "github-classroom.txt"
NOTICES = "github-classroom-notices.txt"

LONGEST_OUTPUT = 500
"""Characters that the reporter shows of a test's output."""

_STATUS = {Verdict.RIGHT: "pass", Verdict.UNDECIDED: "pass", Verdict.WRONG: "fail", Verdict.NOT_RUN: "error"}

# A line of a log that holds these is a command to the runner: a text of the student's could report points of its own.
_COMMAND = re.compile(r"::|##\[")


def write(info: RunInfo, rows: Iterable[Graded], out: Path, options: PlatformOptions) -> Written:
    """Write github-classroom.txt, the value of the step's output `result`, and the notices for the log."""
    row = the_only(rows, "GitHub Classroom")
    document = nothing_graded(NOTHING_HANDED_IN) if row is None else result(info, row, options)
    with whole_file(out / RESULT) as file:
        file.write(base64.b64encode(as_text(document).encode("utf-8", "replace")).decode())
    with whole_file(out / NOTICES) as file:
        file.write(notices(document))
    return Written((out / RESULT, out / NOTICES))


def result(info: RunInfo, row: Graded, options: PlatformOptions) -> JsonObject:
    """The step's result: a test a task."""
    report = row.report
    if row.refusal is not None:
        return nothing_graded(row.refusal, options.points(report.max_score, report))
    level = options.hint_level(info)
    problems = "\n\n".join(plain_text.of_problems(report, level))
    return {
        "version": 3,
        "status": _STATUS[report.verdict],
        "max_score": _integral(options.points(report.max_score, report)),
        "tests": [_test(task, report, level, options, problems) for task in report.tasks],
    }


def nothing_graded(why: str, max_score: float = 0) -> JsonObject:
    """The result of a submission without one."""
    message = harmless(f"This submission was not graded: {on_one_line(why)}")
    test = {"name": "gradcheck", "status": "error", "message": message, "test_code": "gradcheck", "task_id": 0}
    return {
        "version": 3,
        "status": "error",
        "message": message,
        "max_score": _integral(max_score),
        "tests": [{**test, "filename": "", "line_no": 0, "duration": 0, "score": 0}],
    }


def notices(document: JsonObject) -> str:
    """The workflow commands that report the points; nothing where there are none to be had, as the reporter does.

    >>> print(notices({"max_score": 10, "tests": [{"score": 2.5}, {"score": 4}]}), end="")
    ::notice title=Autograding complete::Points 6.5/10
    ::notice title=Autograding report::{"totalPoints":6.5,"maxPoints":10}
    """
    most = document["max_score"]
    if not most:
        return ""
    total = _integral(round(sum(test["score"] for test in document["tests"]), 4))
    report = json.dumps({"totalPoints": total, "maxPoints": most}, separators=(",", ":"))
    return f"::notice title=Autograding complete::Points {total}/{most}\n::notice title=Autograding report::{report}\n"


def harmless(text: str) -> str:
    """A text that the runner takes for no command, wherever in a log it stands.

    >>> harmless("::notice title=Autograding report::{}")
    ': :notice title=Autograding report: :{}'
    """
    return _COMMAND.sub(lambda match: f"{match[0][:-1]} {match[0][-1]}", text)


def _test(task: TaskReport, report: Report, level: int, options: PlatformOptions, problems: str) -> JsonObject:
    output = harmless(plain_text.of_task(report, task, level) or problems)
    message = f"{figures.MARKS[task.verdict]} {task.verdict}"
    return {
        "name": harmless(on_one_line(task.name)),
        "status": _STATUS[task.verdict],
        "message": message if task.verdict is Verdict.RIGHT else plain_text.shortened(output or message, 2000),
        "test_code": harmless(on_one_line(task.name)),
        "task_id": 0,
        "filename": harmless(on_one_line(report.file)),
        "line_no": 0 if task.line is None or level < 2 else task.line,
        "duration": 0,
        "score": _integral(options.points(task.score, report)),
        "output": output[:LONGEST_OUTPUT],
    }


def _integral(value: float) -> float | int:
    """A whole number without ".0", as JavaScript writes it."""
    return int(value) if value == int(value) else value
