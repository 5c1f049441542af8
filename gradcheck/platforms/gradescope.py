"""results.json of Gradescope: what its autograder's container hands back for one submission.

Source: gradescope/autograder_samples, docs/specs.md and docs/submission_metadata.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from checkers.findings import Verdict
from gradcheck.render import figures
from gradcheck.render.report_markdown import escape, render_problems, render_task, span

from .json_file import LONGEST_TEXT, JsonObject, write_json
from .options import PlatformOptions, Visibility, Written, the_only
from .plain_text import shortened

if TYPE_CHECKING:
    from checkers.grading.submission import Graded, RunInfo
    from checkers.report import TaskReport

FILE = "gradescope.json"

NOTHING_HANDED_IN = "There is no Python file or notebook in this submission, so nothing was graded. Hand in again."


def write(info: RunInfo, rows: Iterable[Graded], out: Path, options: PlatformOptions) -> Written:
    """Write gradescope.json; the container's run_autograder puts it where Gradescope looks for it."""
    row = the_only(rows, "Gradescope")
    document = empty(options) if row is None else results(info, row, options)
    write_json(document, out / FILE)
    return Written((out / FILE,))


def results(info: RunInfo, row: Graded, options: PlatformOptions) -> JsonObject:
    """The document of one submission: a test a task."""
    level = options.hint_level(info)
    tests = [_test(number, task, row, level, options) for number, task in enumerate(row.report.tasks, 1)]
    return {
        "score": options.points(row.report.score, row.report),
        "execution_time": round(row.seconds, 3),
        "output": shortened(_said(row, level, student_names(options.metadata), options), LONGEST_TEXT),
        "output_format": "md",
        "test_output_format": "md",
        "test_name_format": "text",
        "visibility": str(options.visibility),
        # What our own command prints is for the instructor.
        "stdout_visibility": str(Visibility.HIDDEN),
        "tests": tests,
        "extra_data": {"exercise": info.exercise, "seed": info.seed, "gradcheck": info.version},
    }


def empty(options: PlatformOptions) -> JsonObject:
    """The document where nothing was handed in."""
    return {
        "score": 0.0,
        "output": NOTHING_HANDED_IN,
        "output_format": "text",
        "visibility": str(options.visibility),
        "stdout_visibility": str(Visibility.HIDDEN),
        "tests": [],
    }


def student_names(metadata: Path) -> tuple[str, ...]:
    """Who handed in, as the container's submission_metadata.json tells; nobody where it is not there or not readable.

    Its shape may change, says Gradescope, and a name is worth no failed run.
    """
    try:
        document = json.loads(metadata.read_bytes())
    except (OSError, ValueError, RecursionError):
        return ()
    users = document.get("users") if isinstance(document, dict) else None
    names = [user.get("name") for user in users if isinstance(user, dict)] if isinstance(users, list) else []
    return tuple(name for name in names if isinstance(name, str) and name.strip())


def _test(number: int, task: TaskReport, row: Graded, level: int, options: PlatformOptions) -> JsonObject:
    return {
        "name": task.name,
        "number": str(number),
        "score": options.points(task.score, row.report),
        "max_score": options.points(task.max_score, row.report),
        "status": "failed" if task.verdict in {Verdict.WRONG, Verdict.NOT_RUN} else "passed",
        "output": shortened(render_task(row.report, task, hints=level) or _verdict(task), LONGEST_TEXT),
    }


def _verdict(task: TaskReport) -> str:
    return f"{figures.MARKS[task.verdict]} {task.verdict}"


def _said(row: Graded, level: int, names: tuple[str, ...], options: PlatformOptions) -> str:
    """The text above the tests."""
    by = f" by {escape(', '.join(names))}" if names else ""
    if row.refusal is not None:
        return (
            f"This submission{by} was not graded: {escape(row.refusal)}\n\n"
            "That says nothing about your gradients. Hand in again, or ask the course staff to grade it anew."
        )
    report = row.report
    points = (figures.points(options.points(value, report)) for value in (report.score, report.max_score))
    heading = f"{span(row.report.file)}{by}: {report.verdict}, {' of '.join(points)} points."
    problems = render_problems(report, hints=level)
    return f"{heading}\n\n{problems}" if problems else heading
