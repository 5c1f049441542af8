"""A measured derivative with its error bar, and the words for how it was measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
Line: TypeAlias = Callable[[float | complex], NDArray[Any]]
"""A function along a line: t -> f(x + t d), with t real or imaginary."""

EPS = float(np.finfo(np.float64).eps)
EPS_SINGLE = float(np.finfo(np.float32).eps)


class Method(StrEnum):
    """How a derivative was measured."""

    COMPLEX_STEP = "complex step"
    CENTRAL = "central difference"


class Limit(StrEnum):
    """What keeps the error bar from being smaller."""

    ROUNDING = "rounding"
    KINK = "kink"
    """The slopes to both sides differ however small the step, or the function bends too sharply for the step."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Measured derivatives and how far to trust them.

    Attributes:
        value: the derivatives, in units of f per unit of x.
        error: an error bar for each, in the same units; inf where nothing could be measured.
        method: complex step or central difference.
        evaluations: how often f was called.
        limit: what keeps the error bar from being smaller.
        constant: every evaluation gave the very same number, so f does not seem to depend on this argument at all.
        noise: the largest rounding error found in the values of f, in units of f; 0 where it was not looked for.
    """

    value: FloatArray
    error: FloatArray
    method: Method
    evaluations: int
    limit: Limit = Limit.ROUNDING
    constant: bool = False
    noise: float = 0.0
