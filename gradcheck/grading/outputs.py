"""What a run leaves in its folder: grades.csv, results.json, report.html, and feedback/ for the students.

All is written in one pass over the results, each file under another name first, so that nobody ever reads half of one.
The schemas of grades.csv and results.json are a public interface.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, TextIO

from checkers.hints import HintLevel
from gradcheck.platforms.csv_table import guarded
from gradcheck.render import class_report
from gradcheck.render.report_json import as_json

from .class_statistics import ClassStatistics, fault_codes
from .feedback import Feedback
from .whole_file import make_folder, whole_file

if TYPE_CHECKING:
    from checkers.grading.submission import Graded, RunInfo

SCHEMA = "gradcheck/run/1"
COLUMNS = ("name", "score", "max_score", "verdict", "codes", "seconds")


def write_outputs(
    info: RunInfo,
    rows: Callable[[], Iterator[Graded]],
    out: Path,
    *,
    level: int,
    only: set[str] | None = None,
) -> ClassStatistics:
    """Write all outputs of a run into its folder.

    Args:
        rows: gives the results, in the order in which they are to stand; each is forgotten once it is written.
        out: the folder of the run; made when it is not there.
        level: hint level of what students get; everything else is for the instructor and holds the whole reports.
        only: names whose feedback is to be written, such as those that were graded just now; None for all.

    Returns:
        The sums over the class, as the page tells them.

    Raises:
        UsageError: a file cannot be written.
        ValueError: level is not a hint level.
    """
    level = HintLevel(level)
    make_folder(out)
    statistics, with_feedback = ClassStatistics(), Feedback(out, level)
    with ExitStack() as stack:
        table = stack.enter_context(TemporaryFile("w+", encoding="utf-8", errors="replace", newline="", dir=out))
        grades = _Grades(stack.enter_context(whole_file(out / "grades.csv")))
        results = stack.enter_context(closing(_Results(info, stack.enter_context(whole_file(out / "results.json")))))
        page = stack.enter_context(whole_file(out / "report.html"))
        listing = class_report.Listing(table)
        for row in rows():
            grades.add(row)
            results.add(row)
            statistics.add(row)
            listing.add(row)
            with_feedback.keep(row)
            if only is None or row.name in only:
                with_feedback.write(row)
        page.writelines(class_report.pieces(info, statistics, listing))
    with_feedback.close()
    return statistics


class _Grades:
    def __init__(self, file: TextIO) -> None:
        self._writer = csv.writer(file, lineterminator="\n")
        self._writer.writerow(COLUMNS)

    def add(self, row: Graded) -> None:
        report = row.report
        points = (f"{round(value, 6):.12g}" for value in (report.score, report.max_score))
        codes = " ".join(fault_codes(report))
        self._writer.writerow([guarded(row.name), *points, str(report.verdict), codes, f"{row.seconds:.3f}"])


class _Results:
    """One submission a line, so that a large file can be read piece by piece too."""

    def __init__(self, info: RunInfo, file: TextIO) -> None:
        self._file, self._separator = file, "\n"
        about = asdict(info)
        about.pop("submissions")  # the word for the list itself
        head = _strict({"schema": SCHEMA, **about, "layers": list(info.layers)})
        file.write(f'{head[:-1]}, "submissions": [')

    def add(self, row: Graded) -> None:
        self._file.write(self._separator + _strict(_submission(row)))
        self._separator = ",\n"

    def close(self) -> None:
        self._file.write("\n]}\n")


def _submission(row: Graded) -> dict[str, Any]:
    return {
        "name": row.name,
        "files": list(row.files),
        "sha256": row.sha256,
        "refusal": row.refusal,
        "seconds": round(row.seconds, 3),
        "same_as": row.same_as,
        "people": [asdict(person) for person in row.people],
        "attempt": row.attempt,
        "is_late": row.is_late,
        "key": row.key,
        "report": as_json(row.report, hints=HintLevel.SOLUTIONS),
    }


def _strict(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
