"""Random inputs on which gradients are compared: every array in its domain, weights scaled by their fan-in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


# What batch normalisation adds to a variance in most libraries.
SMALL = 1e-5


class Domain(StrEnum):
    """Which values an array may take, and so which facts may be used about it."""

    REAL = "real"
    POSITIVE = "positive"
    ONE_HOT = "one-hot"
    PROBABILITIES = "probabilities"
    BINARY = "binary"
    SIGNS = "signs"
    COUNTS = "counts"
    UNIT = "unit"
    """Strictly between 0 and 1."""
    WITH_ONES = "with-ones"
    """Real, but the last column is 1: the bias trick."""
    EPSILON = "epsilon"
    """1e-5: what keeps a division finite. Never random, since students' functions have it in them, not as an argument.
    """

    def __repr__(self) -> str:
        return f"Domain.{self.name}"

    @property
    def rows_sum_to_one(self) -> bool:
        """Does each row (the last axis) sum to 1?"""
        return self in {Domain.ONE_HOT, Domain.PROBABILITIES}


@dataclass(frozen=True, slots=True)
class ArraySpec:
    """How to draw one array.

    Attributes:
        shape: names of sizes.
        fan_in: position of the axis whose size is the fan-in, for weights; None leaves the scale at 1.
        is_parameter: is it learnt?
    """

    name: str
    shape: tuple[str, ...]
    domain: Domain
    fan_in: int | None = None
    is_parameter: bool = False


def draw(specs: tuple[ArraySpec, ...], sizes: Mapping[str, int], seed: int) -> dict[str, FloatArray]:
    """One random array for each spec.

    >>> draw((ArraySpec("y", ("n", "M"), Domain.ONE_HOT),), {"n": 2, "M": 3}, seed=0)["y"].sum(axis=1)
    array([1., 1.])
    """
    generator = np.random.default_rng(seed)
    return {spec.name: _draw_one(spec, sizes, generator) for spec in specs}


def _draw_one(spec: ArraySpec, sizes: Mapping[str, int], generator: np.random.Generator) -> FloatArray:
    shape = tuple(sizes[name] for name in spec.shape)
    scale = 1.0 if spec.fan_in is None else shape[spec.fan_in] ** -0.5
    match spec.domain:
        case Domain.REAL:
            return np.asarray(scale * generator.standard_normal(shape), dtype=np.float64)
        case Domain.WITH_ONES:
            values = generator.standard_normal(shape)
            values[..., -1] = 1.0
            return np.asarray(values, dtype=np.float64)
        case Domain.EPSILON:
            return np.full(shape, SMALL)
        case Domain.POSITIVE | Domain.UNIT:
            # Bounded away from 0 and 1, where a factor would hide or a logarithm blow up.
            low, high = (0.2, 0.8) if spec.domain is Domain.UNIT else (0.3, 1.7)
            return np.asarray(generator.uniform(low, high, shape))
        case Domain.ONE_HOT:
            return one_hot(_balanced_labels(shape, generator), shape[-1])
        case Domain.PROBABILITIES:
            return np.asarray(generator.dirichlet(np.full(shape[-1], 2.0), shape[:-1]))
        case Domain.BINARY:
            return _balanced_labels((*shape, 2), generator).astype(np.float64)
        case Domain.SIGNS:
            return np.asarray(2.0 * _balanced_labels((*shape, 2), generator) - 1.0)
        case Domain.COUNTS:
            return generator.poisson(2.0, shape).astype(np.float64)


def _balanced_labels(shape: tuple[int, ...], generator: np.random.Generator) -> NDArray[np.int64]:
    """Labels of shape[:-1] among shape[-1] classes, no class left out where there are enough samples."""
    count = int(np.prod(shape[:-1], dtype=int))
    labels = np.arange(count) % shape[-1]
    return generator.permutation(labels).reshape(shape[:-1])


def one_hot(labels: NDArray[np.int64], classes: int) -> FloatArray:
    """One-hot rows of integer labels."""
    return np.asarray(np.eye(classes)[labels])
