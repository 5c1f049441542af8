"""Reading a common factor: student = c * right, with c = +-2^a n^b p^c M^d seen at two sets of prime sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

AnyArray = NDArray[Any]

# float32 code is off by 5e-7; the nearest two readings differ by more than 1e-3.
SAME = 1e-5
LARGEST_POWER = 2


@dataclass(frozen=True, slots=True)
class Scale:
    """A factor c with its reading.

    Attributes:
        number: the part that does not depend on sizes, sign included.
        powers: (size, power) of those that it depends on.
    """

    number: float
    powers: tuple[tuple[str, int], ...]

    @property
    def is_simple(self) -> bool:
        """Is the number one that people write, such as 2, 1/2 or 2/3?"""
        return _simple(self.number) is not None

    def at(self, sizes: Mapping[str, int]) -> float:
        """The factor at a set of sizes."""
        return self.number * float(np.prod([float(sizes[name]) ** power for name, power in self.powers]))

    @property
    def text(self) -> str:
        """2 n, -1/n, 0.5."""
        above = [size if power == 1 else f"{size}^{power}" for size, power in self.powers if power > 0]
        below = [size if power == -1 else f"{size}^{-power}" for size, power in self.powers if power < 0]
        number = f"{self.number:g}"
        front = number if self.number != 1 or not above else ""
        text = " ".join(part for part in (front, *above) if part)
        return f"{text}/{' '.join(below)}" if below else text


def common_factor(yours: AnyArray, expected: AnyArray, near: float = SAME) -> float | None:
    """The number c with yours = c * expected in every entry; None when there is none, or nothing to see it by.

    Args:
        near: how far an entry may be off, of the largest.
    """
    if yours.shape != expected.shape or not np.all(np.isfinite(yours)):
        return None
    squares = float(np.vdot(expected, expected).real)
    if squares == 0:
        return None
    factor = float(np.vdot(expected, yours).real) / squares
    size = abs(factor) * float(np.max(np.abs(expected)))
    with np.errstate(all="ignore"):  # a factor near the largest number
        apart = float(np.max(np.abs(yours - factor * expected)))
    return factor if size > 0 and apart <= near * size else None


def read(factors: Sequence[float], sizes: Sequence[Mapping[str, int]]) -> Scale | None:
    """The one reading that fits the factors seen at several sets of sizes; None when they fit none.

    >>> read([5.0, 7.0], [{"n": 5, "p": 7}, {"n": 7, "p": 11}]).text
    'n'
    """
    names = list(sizes[0])
    found = []
    for powers in product(range(-LARGEST_POWER, LARGEST_POWER + 1), repeat=len(names)):
        if sum(map(abs, powers)) > LARGEST_POWER:
            continue
        numbers = [
            factor / float(np.prod([float(size[name]) ** power for name, power in zip(names, powers, strict=True)]))
            for factor, size in zip(factors, sizes, strict=True)
        ]
        if max(numbers) - min(numbers) <= SAME * abs(numbers[0]):
            simple = _simple(numbers[0])
            # A number that nobody writes times a size is chance; on its own it may be a mistyped constant.
            if simple is not None or not any(powers):
                found.append((simple is None, sum(map(abs, powers)), powers, simple or numbers[0]))
    if not found:
        return None
    _, _, powers, number = min(found)
    return Scale(number, tuple((name, power) for name, power in zip(names, powers, strict=True) if power))


def _simple(number: float) -> float | None:
    """The nearby number that people write, where there is one: 2, 1/2, 2/3."""
    for denominator in range(1, 13):
        whole = round(number * denominator)
        if whole and abs(whole) <= 12 and abs(number * denominator / whole - 1) <= SAME:
            return whole / denominator
    return None
