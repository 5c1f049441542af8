"""Random starting weights. Each takes a NumPy generator, so that every layer draws fresh numbers from one stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from numpy.random import Generator

FloatArray = NDArray[np.float64]


def uniform(generator: Generator, shape: tuple[int, ...], high: float) -> FloatArray:
    """Uniform on [0, high): mean high/2 and standard deviation high/sqrt(12).

    >>> uniform(np.random.default_rng(0), (1, 2), high=0.01).round(5)
    array([[0.00637, 0.0027 ]])
    """
    return generator.uniform(0.0, high, shape)


def normal(generator: Generator, shape: tuple[int, ...], std: float) -> FloatArray:
    """Normal with mean 0 and standard deviation std (not variance)."""
    return generator.normal(0.0, std, shape)


def fan_in(generator: Generator, shape: tuple[int, int]) -> FloatArray:
    """Normal with standard deviation 1/sqrt(fan_in) for W of shape (fan_in, fan_out).

    A weighted sum of fan_in inputs of variance 1 then has variance 1 as well.
    """
    return normal(generator, shape, std=float(1.0 / np.sqrt(shape[0])))


def he(generator: Generator, shape: tuple[int, int]) -> FloatArray:
    """Normal with standard deviation sqrt(2/fan_in) for W of shape (fan_in, fan_out).

    The 2 makes up for relu, which sets half of what it is given to zero.
    """
    return normal(generator, shape, std=float(np.sqrt(2.0 / shape[0])))
