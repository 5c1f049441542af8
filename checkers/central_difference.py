"""Central differences of order 4 whose error bar knows of truncation, rounding and kinks.

One stencil takes f at h, h/2 and h/4 to both sides. Steps are tried until the error bar is small enough: smaller ones
when the function bends too sharply or has a kink near x, larger ones when rounding errors of f drown the slope.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from .estimate import EPS, EPS_SINGLE, Estimate, FloatArray, Limit, Line, Method

# About 1e-3: truncation h^4 and rounding eps/h are both near 1e-12. Round neither in base 2 nor in base 10: if f rounds
# its values to a grid, as float32 and np.round do, a round step may fall in with the grid and hide it.
START_STEP = 1.0379e-3
STEP_FACTOR = 16.0  # a decade and a bit: truncation h^4 changes by 65,536, rounding by 16
GOOD_ENOUGH = 1e-9  # of the derivative: smaller error bars are seldom possible, and no tolerance needs them
ROUNDING_WEIGHT = 8.0  # the slope magnifies an error of one unit in each value of f by less than 8 / h
SPREAD_WEIGHT = 20.0  # the bends at h/4 magnify rounding errors of f by about 20 / h ...
SHARP = 50.0  # ... and by no more than 40 / h; a larger spread is no rounding
LUCK = 10.0  # a spread that is no float64 rounding may be noise of f, of which one sample can be small by luck
# Where a smaller step is suddenly clean, a kink was left behind, or rounded values of f fell on a line by luck; a
# second stencil at this part of the step (the golden section, far from simple fractions) contradicts the latter.
BESIDE = 0.618
# A spread of so many units is all rounding, as of a polynomial of degree 3; or values that float32 rounded fell on a
# line by luck, one time in ten thousand. One more value, beside the others, tells.
CLEAN = 100.0
FLAT_STEPS = 3  # two larger steps show whether f is really flat; more would make every dead unit dear
NO_LESS = 0.25  # a smaller step that leaves more than this of the spread (times h) has met rounding errors


@dataclass(frozen=True, slots=True)
class _Stencil:
    """One central difference: slope, disagreement within the stencil, and the grain of f's values there."""

    step: float
    slope: FloatArray
    spread: FloatArray
    ulp: FloatArray
    unit: FloatArray
    flat: FloatArray
    calls: int

    @property
    def scatter(self) -> FloatArray:
        """The rounding error of f that would explain the spread."""
        return self.spread * self.step / SPREAD_WEIGHT

    def error(self, noise: FloatArray) -> FloatArray:
        """The error bar when f's values are off by this noise, or their own grain if that is larger.

        Values that stand still may stand on a stair; as nothing shows its height, float32's is assumed.
        """
        unit = np.where(self.flat > 0, np.maximum(self.unit, EPS_SINGLE / EPS * self.ulp), self.unit)
        sharp = self.spread > SHARP * np.maximum(self.unit, noise) / self.step
        bar = np.where(sharp, LUCK, 1.0) * self.spread + ROUNDING_WEIGHT * np.maximum(unit, noise) / self.step
        return np.where(np.isfinite(bar), bar, np.inf)

    def is_sharp(self, noise: FloatArray) -> bool:
        """Is the spread more than rounding can explain?"""
        return bool(np.any(self.spread > SHARP * np.maximum(self.unit, noise) / self.step))


def central_difference(
    line: Line, centre: FloatArray, *, step: float = START_STEP, goal: float | None = None, attempts: int = 5
) -> Estimate:
    """Derivative of a line at 0 by central differences, at the step that gives the smallest error bar.

    Args:
        line: t -> f(x + t d).
        centre: line(0).
        step: the first step tried.
        goal: an error bar good enough to stop at; None stands for 1e-9 of the derivative.
        attempts: how many stencils are taken at most, give or take one; six or seven calls each.

    >>> estimate = central_difference(lambda t: np.exp(np.asarray(1 + t)), np.exp(1.0))
    >>> bool(abs(estimate.value - np.e) < estimate.error < 1e-8), estimate.evaluations
    (True, 6)
    """
    stencils = [_stencil(line, centre, step)]
    noise = np.zeros_like(stencils[0].spread)
    estimate = _best(stencils, noise)
    while len(stencils) < attempts and not _is_good(estimate, goal):
        latest = stencils[-1]
        following = _next_step(latest, noise)
        if any(np.isclose(following, one.step) for one in stencils):
            break
        stencils.append(_stencil(line, centre, following))
        noise = _noise(stencils)
        if following < latest.step and not stencils[-1].is_sharp(noise):
            stencils.insert(-1, _stencil(line, centre, following * BESIDE))
            noise = _noise(stencils)
        estimate = _best(stencils, noise)
    return estimate


def _is_good(estimate: Estimate, goal: float | None) -> bool:
    if goal is None:
        size = float(np.max(np.abs(estimate.value), initial=0.0))
        return estimate.constant or bool(np.all(estimate.error <= GOOD_ENOUGH * size))
    return bool(np.all(estimate.error <= goal)) or (estimate.constant and estimate.evaluations >= 6 * FLAT_STEPS)


def _next_step(latest: _Stencil, noise: FloatArray) -> float:
    if not np.all(np.isfinite(latest.spread)):
        return latest.step / STEP_FACTOR**2  # outside the domain of f, as log of a negative number: go well inside
    return latest.step / STEP_FACTOR if latest.is_sharp(noise) else latest.step * STEP_FACTOR


def _noise(stencils: list[_Stencil]) -> FloatArray:
    """Rounding errors of f found by comparing steps: truncation and kinks shrink with the step, and these do not."""
    by_step = sorted(stencils, key=lambda one: -one.step)
    noise = np.zeros_like(stencils[0].spread)
    for position, larger in enumerate(by_step):
        for smaller in by_step[position + 1 :]:
            with np.errstate(all="ignore"):
                found = smaller.scatter > NO_LESS * larger.scatter
                level = np.where(found, np.maximum(larger.scatter, smaller.scatter), 0.0)
            noise = np.maximum(noise, np.where(np.isfinite(level), level, 0.0))
    return noise


def _best(stencils: list[_Stencil], noise: FloatArray) -> Estimate:
    """For each derivative the stencil with the smallest error bar, once none contradicts another."""
    errors = np.stack([one.error(noise) for one in stencils])
    slopes = np.stack([one.slope for one in stencils])
    flat = np.stack([one.flat for one in stencils])
    with np.errstate(all="ignore"):
        gaps = np.abs(slopes[:, None] - slopes[None]) - errors[None]
        contradiction = np.max(np.where(np.isfinite(gaps), gaps, 0.0), axis=1)
        errors = np.maximum(errors, contradiction)
    chosen = np.argmin(errors, axis=0)[None]
    units = np.maximum(stencils[0].unit, noise)
    return Estimate(
        value=np.take_along_axis(slopes, chosen, axis=0)[0],
        error=np.take_along_axis(errors, chosen, axis=0)[0],
        method=Method.CENTRAL,
        evaluations=sum(one.calls for one in stencils),
        limit=Limit.KINK if min(stencils, key=lambda one: one.step).is_sharp(noise) else Limit.ROUNDING,
        constant=bool(np.all(flat > 0)),
        noise=float(np.max(units, initial=0.0)),
    )


def _stencil(line: Line, centre: FloatArray, step: float) -> _Stencil:
    """Slopes and bends at h, h/2 and h/4.

    A kink at distance t < h shows in the bends (f(h) - 2 f(0) + f(-h)) / h: on a smooth function bend(h) - 2 bend(h/2)
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
        values = np.stack([np.broadcast_to(value, spread.shape) for value in (centre, *ahead, *behind)])
        flat = np.all(values == values[0], axis=0)
        ulp = np.asarray(EPS * np.max(np.abs(values), axis=0))
        unit = np.maximum(ulp, _grain(values))
        if calm := bool(np.any((spread * step <= CLEAN * ulp) & ~flat)):
            spread = spread + np.abs(_quiet(line, BESIDE * step) - _interpolated(values, BESIDE)) / step
    return _Stencil(step, np.asarray(fine), spread, ulp, unit, np.asarray(flat, np.float64), calls=6 + calm)


def _interpolated(values: FloatArray, at: float) -> FloatArray:
    """The polynomial through f(0), f(h), f(h/2), f(-h) and f(-h/2), at this part of h."""
    known = {0.0: values[0], 1.0: values[1], 0.5: values[2], -1.0: values[4], -0.5: values[5]}
    weights = {here: np.prod([(at - other) / (here - other) for other in known if other != here]) for here in known}
    return np.asarray(sum(weight * known[here] for here, weight in weights.items()))


def _quiet(line: Line, t: float) -> FloatArray:
    """The line at t without warnings; nan where the function cannot be evaluated, as outside its domain."""
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return np.asarray(line(t), np.float64)
    except Exception:  # math.log(-1) raises where np.log(-1) is nan: the step left the domain either way
        return np.asarray(np.nan)


def _grain(values: FloatArray) -> FloatArray:
    """The largest power of 2 of which all values are multiples: 6e-8 near 1 when f computes in float32.

    >>> float(_grain(np.float32([1.1, 1.3]).astype(float)[:, None])[0]) > 1e-8
    True
    >>> float(_grain(np.array([[1.1], [1.3]]))[0]) < 1e-14
    True
    """
    mantissa, exponent = np.frexp(np.where(np.isfinite(values), values, 0.0))
    digits = np.ldexp(np.abs(mantissa), 53).astype(np.int64)
    lowest = np.ldexp((digits & -digits).astype(np.float64), exponent - 53)
    grain = np.min(np.where(digits > 0, lowest, np.inf), axis=0)
    return np.asarray(np.where(np.isfinite(grain), grain, 0.0))
