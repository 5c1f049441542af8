"""Slopes of a student's own function, entry by entry, from calls made in large batches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checkers.central_difference import central_difference
from checkers.estimate import Limit

FloatArray = NDArray[np.float64]
Values = dict[str, Any]
Objective = Callable[[FloatArray], FloatArray]
"""One number for each of many values of an array; nan where the function raises there."""

ATTEMPTS = 4  # stencils; six calls each
MOSTLY = 0.7  # of the entries; those on a kink cannot be measured, and are judged by their wide error bar
STILL = 1e-7  # of the objective: the error bar of a slope that is 0 to the last digit
DIRECTIONS = 2  # along which all entries move at once, where not every one is measured


@dataclass(frozen=True, slots=True)
class Measured:
    """The derivatives with respect to one array.

    Attributes:
        value: nan where an entry was not measured.
        error: its error bar; inf where an entry was not measured.
        directions: along each, the derivative and its error bar.
        tried: how many entries were to be measured.
        is_at_kink: a kink keeps an error bar from being smaller.
    """

    value: FloatArray
    error: FloatArray
    directions: tuple[tuple[FloatArray, float, float], ...] = ()
    tried: int = 0
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
        """Are most of the measured entries good to four digits of the largest one?"""
        known = self.error[np.isfinite(self.value)]
        good = known <= 1e-4 * self.largest + 1e-5  # inputs are of order 1, so that 1e-5 is next to nothing
        return bool(good.sum() >= MOSTLY * self.tried)


def measured(objective: Objective, at: Any, most: int, generator: np.random.Generator) -> Measured:
    """The derivatives of an objective with respect to one array.

    Args:
        objective: of many values of the array, stacked; one number each.
        at: where.
        most: entries to measure at most; of more, so many at random, and all together along some directions.
        generator: the same one chooses among the same entries first, however many they are.
    """
    array = np.asarray(at, dtype=float)
    flat = np.arange(array.size)
    chosen = flat if array.size <= most else np.sort(generator.permutation(flat)[:most])
    directions = np.zeros((len(chosen), array.size))
    directions[np.arange(len(chosen)), chosen] = 1.0
    value, error, kink = slopes(objective, array, directions.reshape(-1, *array.shape))
    whole, bars = np.full(array.size, np.nan), np.full(array.size, np.inf)
    whole[chosen], bars[chosen] = value, error
    together: tuple[tuple[FloatArray, float, float], ...] = ()
    if len(chosen) < array.size:
        dense = generator.choice([-1.0, 1.0], (DIRECTIONS, *array.shape))
        found, found_errors, bent = slopes(objective, array, dense)
        together = tuple(zip(dense, found.tolist(), found_errors.tolist(), strict=True))
        kink = kink or bent
    return Measured(whole.reshape(array.shape), bars.reshape(array.shape), together, len(chosen), kink)


def slopes(objective: Objective, array: FloatArray, directions: FloatArray) -> tuple[FloatArray, FloatArray, bool]:
    """Slopes along directions, each with its error bar: at every step all directions at once."""

    def line(t: float | complex) -> FloatArray:
        return objective(array + float(np.real(t)) * directions)

    centre = np.broadcast_to(objective(array[None])[0], len(directions))
    estimate = central_difference(line, np.asarray(centre, dtype=float), attempts=ATTEMPTS)
    value, error = np.asarray(estimate.value), np.asarray(estimate.error)
    # Behind values that stand quite still a stair is suspected, of float32's height: here dead units are likelier.
    error = np.where(value == 0, np.minimum(error, STILL * np.abs(np.nan_to_num(centre))), error)
    return value, error, estimate.limit is Limit.KINK
