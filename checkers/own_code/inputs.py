"""Random inputs for functions whose arguments nobody declared: arrays of a kind, with shapes in named sizes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

AnyArray = NDArray[Any]

Length = str | int
"""A size's name, or a number."""

# Two sets of distinct primes: a factor c reads as +-2^a n^b D^c ..., see `checkers.scale`. Small, since every entry is
# measured.
SIZES: tuple[Mapping[str, int], ...] = (
    {"n": 5, "D": 7, "H": 11, "C": 3, "K": 2, "T": 2, "P": 3, "4H": 44, "D+H": 18},
    {"n": 7, "D": 5, "H": 3, "C": 11, "K": 2, "T": 2, "P": 2, "4H": 12, "D+H": 8},
)


class Kind(StrEnum):
    """What an array holds."""

    REAL = "real"
    WIDE = "wide"
    """Real, every third far from 0."""
    WEIGHTS = "weights"
    """Real, scaled by one over the root of the first axis or the last, whichever is longer."""
    LABELS = "labels"
    """Whole numbers below the size `classes`."""
    ONE_HOT = "one-hot"
    """Along the axis `axis`."""
    PROBABILITIES = "probabilities"
    """Along the axis `axis`."""
    BINARY = "binary"
    SIGNS = "signs"
    UNIT = "unit"
    """Strictly between 0 and 1."""
    POSITIVE = "positive"
    WITH_ONES = "with-ones"
    """Real, and 1 in the last column: the bias trick."""

    @property
    def is_smooth(self) -> bool:
        """Can something be differentiated with respect to it?"""
        return self not in {Kind.LABELS, Kind.ONE_HOT, Kind.BINARY, Kind.SIGNS}


@dataclass(frozen=True, slots=True)
class Input:
    """One array that a function is called with."""

    name: str
    shape: tuple[Length, ...]
    kind: Kind = Kind.REAL
    classes: Length = "C"
    axis: int = -1

    def shape_at(self, sizes: Mapping[str, int]) -> tuple[int, ...]:
        """The shape in numbers."""
        return tuple(length if isinstance(length, int) else sizes[length] for length in self.shape)

    def draw(self, sizes: Mapping[str, int], generator: np.random.Generator) -> AnyArray:
        """A random array."""
        shape = self.shape_at(sizes)
        match self.kind:
            case Kind.WEIGHTS:
                return np.asarray(generator.standard_normal(shape) / np.sqrt(max([1, *shape[:2]])))
            case Kind.LABELS:
                classes = self.classes if isinstance(self.classes, int) else sizes[self.classes]
                return _labels(shape, classes, generator)
            case Kind.ONE_HOT:
                rows = _moved(shape, self.axis)
                return np.moveaxis(np.eye(rows[-1])[_labels(rows[:-1], rows[-1], generator)], -1, self.axis)
            case Kind.PROBABILITIES:
                rows = _moved(shape, self.axis)
                return np.moveaxis(generator.dirichlet(np.full(rows[-1], 2.0), rows[:-1]), -1, self.axis)
            case Kind.WIDE:
                spread = np.resize([0.6, 1.0, 3.0], shape)
                return np.asarray(spread * generator.standard_normal(shape))
            case Kind.BINARY:
                return _labels(shape, 2, generator).astype(np.float64)
            case Kind.SIGNS:
                return 2.0 * _labels(shape, 2, generator) - 1.0
            case Kind.UNIT:
                return generator.uniform(0.1, 0.9, shape)
            case Kind.POSITIVE:
                return generator.uniform(0.4, 1.9, shape)
            case Kind.WITH_ONES:
                values = generator.standard_normal(shape)
                values[..., -1] = 1.0
                return np.asarray(values)
        return np.asarray(generator.standard_normal(shape))


def _moved(shape: tuple[int, ...], axis: int) -> tuple[int, ...]:
    """The shape with one axis last."""
    place = axis % len(shape)
    return (*shape[:place], *shape[place + 1 :], shape[place])


def _labels(shape: tuple[int, ...], classes: int, generator: np.random.Generator) -> AnyArray:
    """Labels of which no class is left out where there are enough places; some stand twice."""
    count = int(np.prod(shape, dtype=int))
    labels = np.arange(count) % classes
    if count > 1 and classes >= count:
        labels[-1] = labels[0]  # an assignment by labels must meet one that repeats
    labels = generator.permutation(labels)
    if count and not np.any(
        labels == np.arange(count)
    ):  # y[j] for y[i] shows where a sample has the class of its number
        place = int(np.argmax(labels == 0))
        labels[[0, place]] = labels[[place, 0]]
    return labels.reshape(shape)
