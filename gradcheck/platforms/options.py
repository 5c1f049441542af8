"""What a platform's writer is told, and what it tells: the borders of this package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from checkers.errors import UsageError

if TYPE_CHECKING:
    from checkers.grading.submission import Graded, RunInfo
    from checkers.report import Report


LeftOut = tuple[str, str]
"""A submission's name, and why its score is not in a platform's file."""


class Visibility(StrEnum):
    """When students see the results on Gradescope."""

    VISIBLE = "visible"
    AFTER_DUE_DATE = "after_due_date"
    AFTER_PUBLISHED = "after_published"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class PlatformOptions:
    """What an instructor may say about a platform's file; each writer takes what concerns it.

    Attributes:
        worksheet: moodle: the grading worksheet as it was downloaded.
        feedback: moodle: fill the feedback column too.
        headers: moodle: column names of a site in another language, {"Grade": "Bewertung"}.
        gradebook: canvas: the gradebook as it was exported.
        assignment: canvas: the column to fill: its title, its id, or "Title (id)" as Canvas writes it.
        visibility: gradescope: when students see the results.
        metadata: gradescope: the file in which its container tells who handed in.
        scale_to: points that full marks give on the platform; the exercise's own points where None.
        level: hint level of what students read; the run's where None.
    """

    worksheet: Path | None = None
    feedback: bool = False
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    gradebook: Path | None = None
    assignment: str | None = None
    visibility: Visibility = Visibility.VISIBLE
    metadata: Path = Path("/autograder/submission_metadata.json")
    scale_to: float | None = None
    level: int | None = None

    def hint_level(self, info: RunInfo) -> int:
        """The hint level of what students read."""
        return info.feedback_level if self.level is None else self.level

    def points(self, value: float, report: Report) -> float:
        """Points of the exercise as points of the platform, rounded so that thirds look like thirds."""
        factor = 1.0 if self.scale_to is None or not report.max_score else self.scale_to / report.max_score
        return round(value * factor, 4)


@dataclass(frozen=True, slots=True)
class Written:
    """What came of writing a platform's file.

    Attributes:
        files: what was written.
        left_out: submissions whose score is not in it.
        unfilled: rows of the platform's own file for which no score is known.
        notes: what the instructor should know, in sentences.
    """

    files: tuple[Path, ...]
    left_out: tuple[LeftOut, ...] = ()
    unfilled: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Writer(Protocol):
    """Writes one platform's file into the folder `out`; `rows` may be read once only."""

    def __call__(self, info: RunInfo, rows: Iterable[Graded], out: Path, options: PlatformOptions) -> Written:
        """Raises UsageError where an option is missing or does not fit the platform's file."""


def the_only(rows: Iterable[Graded], platform: str) -> Graded | None:
    """The row of a platform that grades one submission at a time; None where nothing was handed in.

    Raises:
        UsageError: there are several.
    """
    found = list(islice(rows, 2))
    if len(found) == 2:
        raise UsageError(
            f"{platform} takes the result of one submission, and this run has several: {found[0].name}, "
            f"{found[1].name} ... Give one file, or put all files of the student into one folder."
        )
    return found[0] if found else None
