"""How the error of a finite difference depends on its step: truncation on one side, rounding on the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[Any]

STEPS = np.logspace(-14, 0, 57)


@dataclass(frozen=True, slots=True)
class StepSizeCurve:
    """Relative errors of two finite differences against a gradient, by step.

    Attributes:
        steps: h.
        forward: of (f(x + h) - f(x)) / h; truncation of order h.
        central: of (f(x + h) - f(x - h)) / 2h; truncation of order h^2.
    """

    steps: FloatArray
    forward: FloatArray
    central: FloatArray


def cost_curve(
    arrays: Sequence[FloatArray], gradients: Sequence[FloatArray], cost: Callable[[list[FloatArray]], float]
) -> StepSizeCurve:
    """Errors of finite differences of a cost along a random direction of all parameters, in their own precision.

    Args:
        gradients: of the cost, where the parameters are.
        cost: of parameters that were moved.
    """
    generator = np.random.default_rng(0)
    directions = [generator.standard_normal(array.shape).astype(array.dtype) for array in arrays]
    slope = sum(float((gradient * towards).sum()) for gradient, towards in zip(gradients, directions, strict=True))

    def line(h: float) -> float:
        return cost([array + array.dtype.type(h) * d for array, d in zip(arrays, directions, strict=True)])

    with np.errstate(all="ignore"):
        return step_size_curve(line, slope)


def step_size_curve(line: Callable[[float], float], slope: float) -> StepSizeCurve:
    """Errors of finite differences of a line at 0.

    Args:
        line: h -> f(x + h d).
        slope: what they should be: the gradient times d.

    >>> curve = step_size_curve(lambda h: float(np.exp(h)), 1.0)
    >>> bool(1e-6 < curve.steps[curve.central.argmin()] < 1e-4)
    True
    """
    centre = line(0.0)
    ahead = np.array([line(h) for h in STEPS])
    behind = np.array([line(-h) for h in STEPS])
    size = abs(slope) or 1.0
    forward = np.abs((ahead - centre) / STEPS - slope) / size
    central = np.abs((ahead - behind) / (2 * STEPS) - slope) / size
    return StepSizeCurve(STEPS, forward, central)
