"""What a layout makes of a folder: whose is what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from checkers.grading.submission import Person

from .gather import Piece


@dataclass(frozen=True, slots=True)
class Found:
    """One submission before it has a name of its own; see `checkers.grading.submission.Submission`."""

    name: str
    pieces: tuple[Piece, ...]
    people: tuple[Person, ...] = ()
    key: str = ""
    attempt: str = ""
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """A folder that was recognised.

    Attributes:
        name: in words, such as "Canvas download".
        passed_over: what is no submission, and why.
    """

    name: str
    found: tuple[Found, ...]
    passed_over: tuple[tuple[str, str], ...] = ()


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def grouped(pairs: Iterable[tuple[_Key, _Value]]) -> dict[_Key, list[_Value]]:
    """The values of each key, in their order."""
    groups: dict[_Key, list[_Value]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups
