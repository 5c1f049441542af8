"""Slopes of a student's own function, entry by entry, from calls made in large batches."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checkers.central_difference import central_difference
from checkers.estimate import Limit

FloatArray = NDArray[np.float64]
Values = dict[str, Any]
ValuesOf = Callable[[Sequence[Values]], list[FloatArray | None]]
"""The objective at each of many points; None where the function raises there."""

ATTEMPTS = 4  # stencils; six calls each
DIRECTIONS = 2  # along which all entries move at once, where not every one is measured


@dataclass(frozen=True, slots=True)
class Measured:
    """The derivatives with respect to one array.

    Attributes:
        value: nan where an entry was not measured.
        error: its error bar; inf where an entry was not measured.
        directions: along each, the derivative and its error bar.
        is_at_kink: a kink keeps an error bar from being smaller.
    """

    value: FloatArray
    error: FloatArray
    directions: tuple[tuple[FloatArray, float, float], ...] = ()
    is_at_kink: bool = False

    @property
    def is_whole(self) -> bool:
        """Was every entry measured?"""
        return bool(np.all(np.isfinite(self.error)))

    @property
    def largest(self) -> float:
        """The largest derivative."""
        return float(np.nanmax(np.abs(self.value), initial=0.0)) if np.any(np.isfinite(self.value)) else 0.0

    @property
    def is_accurate(self) -> bool:
        """Is it good to four digits of the largest entry?"""
        known = self.error[np.isfinite(self.error)]
        return bool(np.max(known, initial=0.0) <= 1e-4 * self.largest + 1e-9)


def measured(values_of: ValuesOf, point: Values, name: str, most: int, generator: np.random.Generator) -> Measured:
    """The derivatives of an objective with respect to the array `name` of a point.

    Args:
        values_of: the objective at many points; one number each.
        most: entries to measure at most; of more, so many at random, and all together along some directions.
    """
    array = np.asarray(point[name], dtype=float)
    flat = np.arange(array.size)
    chosen = flat if array.size <= most else np.sort(generator.choice(flat, most, replace=False))
    directions = [np.eye(1, array.size, int(place)).reshape(array.shape) for place in chosen]
    value, error, kink = _along(values_of, point, name, directions)
    whole, bars = np.full(array.size, np.nan), np.full(array.size, np.inf)
    whole[chosen], bars[chosen] = value, error
    together = ()
    if len(chosen) < array.size:
        dense = [generator.choice([-1.0, 1.0], array.shape) * generator.uniform(0.5, 1.5, array.shape)] * 0
        dense = [generator.choice([-1.0, 1.0], array.shape) for _ in range(DIRECTIONS)]
        slopes, slope_errors, bent = _along(values_of, point, name, dense)
        together = tuple(zip(dense, slopes.tolist(), slope_errors.tolist(), strict=True))
        kink = kink or bent
    return Measured(whole.reshape(array.shape), bars.reshape(array.shape), together, kink)


def _along(
    values_of: ValuesOf, point: Values, name: str, directions: Sequence[FloatArray]
) -> tuple[FloatArray, FloatArray, bool]:
    """Slopes along directions, each with its error bar: at every step all directions in one batch."""
    array = np.asarray(point[name], dtype=float)

    def line(t: float | complex) -> FloatArray:
        moved: list[Values] = [{**point, name: array + float(np.real(t)) * direction} for direction in directions]
        return np.array([np.nan if value is None else float(value) for value in values_of(moved)])

    centre = values_of([point])[0]
    start = np.full(len(directions), np.nan if centre is None else float(centre))
    estimate = central_difference(line, start, attempts=ATTEMPTS)
    return np.asarray(estimate.value), np.asarray(estimate.error), estimate.limit is Limit.KINK


Point = Mapping[str, Any]
