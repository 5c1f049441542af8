"""One step of gradient descent. Each function returns new arrays and leaves its arguments as they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def sgd_step(w: FloatArray, dw: FloatArray, rate: float) -> FloatArray:
    """w - rate * dw.

    >>> sgd_step(np.array([1.0, 2.0]), np.array([10.0, -10.0]), rate=0.1)
    array([0., 3.])
    """
    return w - rate * dw


def momentum_step(
    w: FloatArray, dw: FloatArray, v: FloatArray, rate: float, mu: float
) -> tuple[FloatArray, FloatArray]:
    """The new w and v of classical momentum: v = mu v - rate dw, then w = w + v.

    Args:
        w: parameters, any shape.
        dw: gradient of the loss with respect to w, the shape of w.
        v: velocity, the shape of w; zeros before the first step.
        rate: learning rate.
        mu: share of the velocity that is kept, 0 (plain gradient descent) to 1.

    >>> w, v = momentum_step(np.array([1.0]), np.array([2.0]), v=np.array([0.5]), rate=0.1, mu=0.9)
    >>> w, v
    (array([1.25]), array([0.25]))
    """
    v = mu * v - rate * dw
    return w + v, v
