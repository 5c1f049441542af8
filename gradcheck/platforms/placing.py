"""Which score stands in which line of a platform's file: one for each, or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from gradcheck.render.characters import on_one_line

if TYPE_CHECKING:
    from checkers.grading.submission import Graded, Person

    from .options import PlatformOptions

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Score:
    """What one person gets, or a group.

    Attributes:
        name: the submission's name.
        most: what full marks give.
    """

    name: str
    points: float
    most: float
    person: Person
    feedback: str = ""


def score_of(row: Graded, options: PlatformOptions, person: Person, feedback: str = "") -> Score:
    """The score of a row in points of the platform."""
    report = row.report
    most = options.points(report.max_score, report)
    return Score(row.name, options.points(report.score, report), most, person, feedback)


def not_graded(row: Graded) -> tuple[str, str]:
    """A row without a score, and why: no zero is written where nothing was graded."""
    return row.name, f"not graded: {on_one_line(row.refusal or '')}"


def one_each(found: Iterable[tuple[Key, Score]]) -> tuple[dict[Key, Score], list[tuple[str, str]]]:
    """The scores whose place no other submission claims, by place, and those left out: we do not choose between two."""
    claims: dict[Key, dict[str, Score]] = {}
    for key, score in found:
        claims.setdefault(key, {})[score.name] = score
    placed = {key: next(iter(scores.values())) for key, scores in claims.items() if len(scores) == 1}
    left = [
        (name, f"the same person handed in {' and '.join(other for other in scores if other != name)} too")
        for scores in claims.values()
        if len(scores) > 1
        for name in scores
    ]
    return placed, left


def unique(value_of: Mapping[int, str]) -> dict[str, int]:
    """Value -> line, for values that are not empty and stand in one line only."""
    times = Counter(value_of.values())
    return {value: line for line, value in value_of.items() if value and times[value] == 1}
