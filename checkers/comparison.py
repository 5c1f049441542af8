"""Comparing a student's array with the right one, entry by entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .report import Entry

AnyArray = NDArray[Any]
BoolArray = NDArray[np.bool_]

# An entry is wrong when |a - e| > RELATIVE |e| + ABSOLUTE max|e|: 0.1 % in one small entry is refused, rounding is not.
RELATIVE = 1e-7
ABSOLUTE = 1e-12
# Right float32 code is off by 3e-7 to 5e-7 of the largest entry.
LOW_PRECISION = 1e-5
# A common factor nearer to 1 than this is single precision's own rounding (its epsilon is 1.2e-7), not a constant.
ROUNDED_FACTOR = 2e-6

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Comparison:
    """A student's array against the right one of the same shape.

    Attributes:
        wrong: where it is wrong.
        is_low_precision: it differs, but as rounding does, so it is right.
    """

    yours: AnyArray
    expected: AnyArray
    wrong: BoolArray
    is_low_precision: bool = False

    @property
    def is_right(self) -> bool:
        """Is every entry right, up to rounding?"""
        return self.is_low_precision or not bool(self.wrong.any())

    @property
    def relative_error(self) -> float:
        """max|a - e| / max|e|; the largest difference itself where everything expected is 0."""
        return relative_error(self.yours, self.expected)

    @property
    def tolerance(self) -> float:
        """What was applied."""
        return LOW_PRECISION if self.is_low_precision else RELATIVE

    def worst(self) -> tuple[Entry, ...]:
        """The wrong entries that are farthest off, at most five, worst first."""
        distance = np.where(self.wrong, _distance(self.yours, self.expected), -1.0)
        order = np.argsort(-distance, axis=None, kind="stable")[: min(SHOWN, int(self.wrong.sum()))]
        return tuple(
            self._entry(tuple(int(axis) for axis in np.unravel_index(flat, self.wrong.shape))) for flat in order
        )

    def _entry(self, index: tuple[int, ...]) -> Entry:
        return Entry(index, float(np.real(self.yours[index])), float(self.expected[index]))

    def entry_map(self) -> tuple[str, ...]:
        """One string a row: "x" for a wrong entry, "." for a right one; empty when all are right."""
        if self.is_right:
            return ()
        rows = self.wrong.reshape(-1, self.wrong.shape[-1]) if self.wrong.ndim else self.wrong.reshape(1, 1)
        return tuple("".join("x" if wrong else "." for wrong in row) for row in rows)


def compare(yours: AnyArray, expected: AnyArray, error: AnyArray | float = 0.0) -> Comparison:
    """Compare two arrays of the same shape.

    Args:
        error: how far what is expected may be off itself, where it was measured.
    """
    distance = _distance(yours, expected)
    size = np.max(np.abs(expected), initial=0.0)
    wrong = ~(distance <= RELATIVE * np.abs(expected) + ABSOLUTE * size + error)  # so that NaN is wrong
    return Comparison(yours, expected, wrong, bool(wrong.any()) and _looks_like_rounding(yours, expected, wrong))


def _distance(yours: AnyArray, expected: AnyArray) -> NDArray[np.float64]:
    with np.errstate(all="ignore"):
        distance = np.abs(yours - expected)
    return np.where(np.isfinite(distance), distance, np.inf)


def relative_error(yours: AnyArray, expected: AnyArray) -> float:
    """max|a - e| / max|e|; the largest difference itself where everything expected is 0."""
    size = float(np.max(np.abs(expected), initial=0.0))
    return float(np.max(_distance(yours, expected), initial=0.0)) / (size or 1.0)


def _looks_like_rounding(yours: AnyArray, expected: AnyArray, wrong: BoolArray) -> bool:
    """Small, no common factor, and not confined to one entry, row or column."""
    distance = _distance(yours, expected)
    size = np.max(np.abs(expected), initial=0.0)
    if wrong.size == 1:
        return bool(np.all(distance <= LOW_PRECISION * size))
    if not np.all(distance <= LOW_PRECISION * size):
        return False
    # Single precision touches every entry, also those that are close enough: look at all that double precision is not.
    touched = distance > 10 * ABSOLUTE * size
    return not _is_confined(touched) and not _has_common_factor(np.real(yours - expected), expected)


def _is_confined(touched: BoolArray) -> bool:
    """Are the entries all in one entry, row or column of an array that has several?"""
    if touched.sum() == 1 and touched.size > 2:
        return True
    places = np.nonzero(touched)
    return touched.ndim > 1 and any(
        length > 1 and len(set(axis.tolist())) == 1 for axis, length in zip(places, touched.shape, strict=True)
    )


def _has_common_factor(error: AnyArray, expected: AnyArray) -> bool:
    """Is the error the same fraction of every entry, as a mistyped constant makes it?"""
    factor = float(np.vdot(expected, error) / np.vdot(expected, expected))
    left = np.linalg.norm(error - factor * expected)
    return abs(factor) > ROUNDED_FACTOR and bool(left < 0.2 * np.linalg.norm(error))
