"""The complex step: the derivative as Im f(x + ih) / h, exact to rounding where f is analytic.

NumPy's abs, norm, vdot, conj and sign are not, and under them it is silently wrong; so it is trusted only after one
derivative along a random direction has agreed with a central difference.

Source: C. Moler, "Complex Step Differentiation" (2013), blogs.mathworks.com/cleve.
"""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
from numpy.exceptions import ComplexWarning

from .central_difference import START_STEP, central_difference
from .estimate import EPS, Estimate, FloatArray, Limit, Line, Method

COMPLEX_STEP = 2.0**-66  # about 1e-20: h^2 vanishes beside 1, and h times a derivative of 1e-280 is still no underflow
COMPLEX_BACK_STEP = 0.7 * COMPLEX_STEP  # no power of two apart, so that its rounding differs
ROUNDING_MARGIN = 10.0  # two samples of a rounding error can be close by luck
GUARD_ACCURACY = 1e-3  # a central difference less accurate than this cannot vouch for a complex step


def guarded_derivative(
    line: Line, centre: FloatArray, *, step: float = START_STEP, goal: float | None = None
) -> Estimate:
    """Derivative of a line at 0, by complex step if a central difference vouches for it, else by the latter."""
    central = central_difference(line, centre, step=step, goal=goal)
    exact = complex_step(line)
    if exact is None:
        return replace(central, evaluations=central.evaluations + 1)
    chosen = exact if agrees(exact, central) else central
    return replace(
        chosen,
        evaluations=central.evaluations + exact.evaluations,
        constant=central.constant,
        noise=central.noise,
        limit=chosen.limit if chosen is exact else central.limit,
    )


def agrees(exact: Estimate, central: Estimate) -> bool:
    """Does a central difference accurate enough to tell confirm the complex step?"""
    if not np.any(exact.value):
        nothing_seen = bool(np.all(np.abs(central.value) <= central.error))
        return nothing_seen and central.limit is Limit.ROUNDING and bool(np.all(np.isfinite(central.error)))
    size = np.max(np.abs(exact.value), initial=0.0)
    accurate = bool(np.max(central.error, initial=0.0) <= GUARD_ACCURACY * size)
    return accurate and bool(np.all(np.abs(exact.value - central.value) <= central.error + exact.error))


def complex_step(line: Line) -> Estimate | None:
    """Derivative of a line at 0 by complex step, forward and backward; None where the function does not allow it.

    The caller must compare one derivative with `central_difference` before trusting it (`agrees`).

    >>> float(complex_step(lambda t: np.exp(np.asarray(1 + t))).value) == np.e
    True
    >>> complex_step(lambda t: np.asarray(np.logaddexp(0.0, 1 + t))) is None
    True
    """
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", ComplexWarning)
            forward = np.imag(line(1j * COMPLEX_STEP)) / COMPLEX_STEP
            backward = np.imag(line(-1j * COMPLEX_BACK_STEP)) / -COMPLEX_BACK_STEP
    except Exception:  # whatever a function does with a complex number it was not written for
        return None
    value, other = np.asarray(forward, np.float64), np.asarray(backward, np.float64)
    if value.shape != other.shape or not (np.all(np.isfinite(value)) and np.all(np.isfinite(other))):
        return None
    spread = np.abs(value - other)
    at_kink = bool(np.any(spread > GUARD_ACCURACY * np.maximum(np.abs(value), np.abs(other))))
    error = np.asarray(ROUNDING_MARGIN * spread + 4 * EPS * np.abs(value))
    return Estimate(value, error, Method.COMPLEX_STEP, 2, Limit.KINK if at_kink else Limit.ROUNDING)
