"""The derivative of a function along one line, from values alone, with an error bar.

The complex step Im f(x + ih) / h has no subtraction, so it is exact to rounding; but NumPy's abs, norm, vdot, conj and
sign are not analytic, and under them it is silently wrong. It is therefore trusted only after one derivative along a
random direction has agreed with a central difference. Central differences are of order 4, taken at h, h/2 and h/4, and
shrink or grow h until the error bar is small enough or rounding stops them.

Source: C. Moler, "Complex Step Differentiation" (2013), blogs.mathworks.com/cleve, for the complex step; Richardson
extrapolation for order 4.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeAlias

import numpy as np
from numpy.exceptions import ComplexWarning
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
Line: TypeAlias = Callable[[float | complex], NDArray[Any]]
"""A function along a line: t -> f(x + t d), with t real or imaginary."""

EPS = float(np.finfo(np.float64).eps)
EPS_SINGLE = float(np.finfo(np.float32).eps)
START_STEP = 2.0**-10  # about 1e-3: truncation h^4 and rounding eps/h are both near 1e-12; a power of two is exact
COMPLEX_STEP = 2.0**-66  # about 1e-20: h^2 vanishes beside 1, and h times a derivative of 1e-280 is still no underflow
COMPLEX_BACK_STEP = 0.7 * COMPLEX_STEP  # no power of two apart, so that its rounding differs
STEP_FACTOR = 16.0  # one decade and a bit: truncation h^4 changes by 65,536, rounding by 16
ROUNDING_SPREAD = 50.0  # the bends at h/4 magnify rounding of f by up to 40; more than that is not rounding
ROUNDING_MARGIN = 10.0  # two samples of a rounding error can be close by luck
GUARD_ACCURACY = 1e-3  # a central difference less accurate than this cannot vouch for a complex step


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
        single_precision: every value of f is a float32 number, so f computes in single precision.
    """

    value: FloatArray
    error: FloatArray
    method: Method
    evaluations: int
    limit: Limit = Limit.ROUNDING
    constant: bool = False
    single_precision: bool = False


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
        single_precision=central.single_precision,
        limit=chosen.limit if chosen is exact else central.limit,
    )


def agrees(exact: Estimate, central: Estimate) -> bool:
    """Does a central difference accurate enough to tell confirm the complex step?"""
    if central.constant:
        return not np.any(exact.value)
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


def central_difference(
    line: Line, centre: FloatArray, *, step: float = START_STEP, goal: float | None = None, attempts: int = 5
) -> Estimate:
    """Derivative of a line at 0 by central differences of order 4, at the step that gives the smallest error bar.

    Args:
        line: t -> f(x + t d).
        centre: line(0).
        step: the first step tried.
        goal: an error bar good enough to stop at; None stands for 1e-9 of the derivative.
        attempts: how many steps are tried at most, six calls each.

    >>> estimate = central_difference(lambda t: np.exp(np.asarray(1 + t)), np.exp(1.0))
    >>> bool(abs(estimate.value - np.e) < estimate.error < 1e-9), estimate.evaluations
    (True, 6)
    """
    best = _stencil(line, centre, step)
    latest, evaluations, tried = best, 6, {step}
    for _ in range(attempts - 1):
        worst = np.max(best.error, initial=0.0)
        enough = 1e-9 * np.max(np.abs(best.value), initial=0.0) if goal is None else goal
        following = _next_step(latest, step)
        if worst <= enough or best.constant or following in tried:
            break
        tried.add(following)
        step, latest = following, _stencil(line, centre, following)
        evaluations += 6
        if np.max(latest.error, initial=0.0) < worst:
            best = latest
    return replace(best, evaluations=evaluations)


def _next_step(latest: Estimate, step: float) -> float:
    if not np.all(np.isfinite(latest.error)):
        return step / STEP_FACTOR**2  # outside the domain of f, as log of a negative number: go well inside
    return step / STEP_FACTOR if latest.limit is Limit.KINK else step * STEP_FACTOR


def _stencil(line: Line, centre: FloatArray, step: float) -> Estimate:
    """One central difference with its error bar, from h, h/2 and h/4.

    A kink at distance t < h changes the bends (f(h) - 2 f(0) + f(-h)) / h. On a smooth function bend(h) - 2 bend(h/2)
    is of order h^3; at a kink the larger of two such differences exceeds the error that the kink causes, wherever t is.
    """
    steps = (step, step / 2, step / 4)
    ahead, behind = [_quiet(line, h) for h in steps], [_quiet(line, -h) for h in steps]
    with np.errstate(all="ignore"):
        slopes = [(a - b) / (2 * h) for a, b, h in zip(ahead, behind, steps, strict=True)]
        bends = [(a - 2 * centre + b) / h for a, b, h in zip(ahead, behind, steps, strict=True)]
        coarse, fine = (4 * slopes[1] - slopes[0]) / 3, (4 * slopes[2] - slopes[1]) / 3
        kink = np.maximum(np.abs(bends[0] - 2 * bends[1]), np.abs(bends[1] - 2 * bends[2]))
        spread = np.asarray(np.abs(fine - coarse) + kink)
        single = _is_single_precision([centre, *ahead, *behind]) and _is_single_precision([_quiet(line, step / 3)])
        unit = (EPS_SINGLE if single else EPS) * np.max(np.abs([centre, *ahead, *behind]), axis=0)
        # The weights of `fine` magnify an error of one unit in each value by less than 8 / h.
        error = np.asarray(spread + 8 * unit / step)
        sharp = bool(np.any(spread > ROUNDING_SPREAD * unit / step))
    constant = all(np.array_equal(value, centre) for value in (*ahead, *behind))
    error = np.where(np.isfinite(error), error, np.inf)
    limit = Limit.KINK if sharp else Limit.ROUNDING
    return Estimate(np.asarray(fine), error, Method.CENTRAL, 6, limit, constant, single)


def _quiet(line: Line, t: float) -> FloatArray:
    """The line at t without warnings; nan where the function cannot be evaluated, as outside its domain."""
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return np.asarray(line(t), np.float64)
    except Exception:  # math.log(-1) raises where np.log(-1) is nan: the step left the domain either way
        return np.asarray(np.nan)


def _is_single_precision(values: list[FloatArray]) -> bool:
    """Are all values float32 numbers, and not merely round ones such as 0.5?

    Ask at a step that is no power of two as well: 3000 + 2^-10 is a float32 number, 3000 + 2^-10 / 3 is not.
    """
    numbers = np.concatenate([np.ravel(value) for value in values])
    with np.errstate(all="ignore"):
        if not np.array_equal(numbers.astype(np.float32).astype(np.float64), numbers):
            return False
    return not np.array_equal(numbers.astype(np.float16).astype(np.float64), numbers)
