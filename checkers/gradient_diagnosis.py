"""What a wrong gradient looks like: a common factor, a transpose, a missing sum; else the entries are the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .findings import Alternative, Certainty, Finding, Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .estimate import FloatArray
    from .gradient_probe import Measurement, TensorProbe

CLEAR = 10.0  # a measurement this many times its error bar counts as evidence for a factor
NEAR = 1e-5  # of a number: how near to it a factor must be to be called that number ...
TELLING = 1e-2  # ... and how near the slack may grow, when the factor itself is not known well
LOW_PRECISION = 1e-5  # of the largest entry: errors of this size in both signs look like float32


@dataclass(frozen=True, slots=True)
class Repair:
    """A change that gives the gradient the right shape, and the mistake it would repair; None when it is only form."""

    code: str | None
    message: str
    array: FloatArray


def repairs(gradient: FloatArray, shape: tuple[int, ...]) -> list[Repair]:
    """Ways to bring a gradient of the wrong shape to the right one, likeliest first.

    >>> [repair.code for repair in repairs(np.zeros((2, 3)), (3, 2))]
    ['transposed']
    >>> [repair.code for repair in repairs(np.zeros((5, 3)), (3,))]
    ['sum-missing']
    """
    found = []
    if _without_ones(gradient.shape) == _without_ones(shape):
        found.append(Repair(None, f"The gradient is {gradient.shape} for {shape}.", gradient.reshape(shape)))
    elif gradient.T.shape == shape:
        found.append(Repair("transposed", "The gradient is the transpose of the right one.", gradient.T))
    elif gradient.ndim > len(shape):
        extra = gradient.ndim - len(shape)
        if gradient.shape[extra:] == shape:
            found.append(_unsummed(gradient, tuple(range(extra))))
        if gradient.shape[: len(shape)] == shape:
            found.append(_unsummed(gradient, tuple(range(len(shape), gradient.ndim))))
    return found


def _unsummed(gradient: FloatArray, axes: tuple[int, ...]) -> Repair:
    named = f"axis {axes[0]}" if len(axes) == 1 else f"axes {axes}"
    message = f"The sum over {named} is missing: summed, the gradient is right."
    return Repair("sum-missing", message, np.asarray(gradient.sum(axis=axes)))


def _without_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(size for size in shape if size != 1)


@dataclass(frozen=True, slots=True)
class Factor:
    """A common factor, claimed = value * measured, known to within an uncertainty."""

    value: float
    uncertainty: float

    def is_near(self, number: float) -> bool:
        """May the factor be this number, and is it known well enough to say so?"""
        slack = max(NEAR * abs(number), 2 * self.uncertainty)
        return abs(self.value - number) <= slack <= TELLING * abs(number)

    def __str__(self) -> str:
        known = max(self.uncertainty / abs(self.value), 1e-7)
        return f"{self.value:.{max(2, int(-np.log10(known)))}g}"


def diagnose(name: str, probe: TensorProbe) -> Finding:
    """The likeliest mistake behind a wrong gradient of the right shape; measures nothing itself."""
    clear = [one for one in probe.measurements if abs(one.measured) > CLEAR * one.error]
    factor = common_factor(clear, probe.claimed.size)
    if factor is not None:
        named = factor_finding(name, factor)
        # Every wrong number is some multiple of the right one; of a single entry only a telling multiple is a cause.
        if probe.claimed.size > 1 or named.code == "sign-flipped" or named.alternatives:
            return named
    if _is_transposed(probe):
        message = "The gradient is the transpose of the right one."
        return Finding("transposed", message, Certainty.LIKELY, outputs=(name,))
    return Finding("unknown", _evidence(probe), Certainty.OBSERVED, outputs=(name,))


def common_factor(measurements: Sequence[Measurement], size: int) -> Factor | None:
    """The k for which claimed = k measured in all measurements within their error bars; None when there is none.

    One measurement alone gives a factor only for a tensor of one entry.
    """
    if not measurements or (size > 1 and len(measurements) < 2):
        return None
    sharpest = min(measurements, key=lambda one: one.error / abs(one.measured))
    value = sharpest.claimed / sharpest.measured
    slack = [2 * (one.error * (1 + abs(value)) + one.allowed) for one in measurements]
    fits = (abs(one.claimed - value * one.measured) <= s for one, s in zip(measurements, slack, strict=True))
    if value == 0 or not all(fits):
        return None
    return Factor(value, abs(value) * sharpest.error / abs(sharpest.measured))


def factor_finding(name: str, factor: Factor) -> Finding:
    """The finding for a gradient that is a constant times the right one.

    >>> [factor_finding("W", Factor(value, 1e-12)).code for value in (-1.0, 30.0, 2.0, 1.01, 1 / 30)]
    ['sign-flipped', 'mean-missing', 'factor', 'factor', 'mean-twice']
    """
    if factor.is_near(-1):
        message = "Every entry has the right size and the opposite sign."
        return Finding("sign-flipped", message, Certainty.LIKELY, outputs=(name,))
    times, parts = round(factor.value), round(1 / factor.value)
    if times > 1 and factor.is_near(times):
        message = f"Every entry is {times} times the derivative."
        return _counted(name, message, "mean-missing", f"the mean over {times} samples lacks its 1/{times}.", times)
    if parts > 1 and factor.is_near(1 / parts):
        message = f"Every entry is 1/{parts} of the derivative."
        return _counted(name, message, "mean-twice", f"divided by {parts} samples once too often.", parts)
    message = f"Every entry is {factor} times the derivative."
    return Finding("factor", message, Certainty.LIKELY, outputs=(name,))


def _counted(name: str, message: str, code: str, text: str, count: int) -> Finding:
    """Two causes give the same numbers; a factor of 2 is likelier a slip than a mean over two samples."""
    plain = "a constant factor."
    if count == 2:
        return Finding("factor", message, Certainty.AMBIGUOUS, outputs=(name,), alternatives=(Alternative(code, text),))
    alternatives = (Alternative("factor", plain),)
    return Finding(
        code,
        f"{message} If {count} is the number of samples: {text}",
        Certainty.AMBIGUOUS,
        outputs=(name,),
        alternatives=alternatives,
    )


def _is_transposed(probe: TensorProbe) -> bool:
    claimed = probe.claimed
    if claimed.ndim != 2 or claimed.shape[0] != claimed.shape[1] or claimed.size == 1:
        return False
    return all(
        abs(float(np.sum(claimed.T * one.direction)) - one.measured) <= one.error + one.allowed
        for one in probe.measurements
    )


def _evidence(probe: TensorProbe) -> str:
    entries = probe.entries
    wrong = sum(entry.verdict is Verdict.WRONG for entry in entries)
    total = probe.claimed.size
    if len(entries) == total:
        if total == 1:
            return "It is wrong, by no telling factor."
        return f"Of all {total} entries, wrong: {wrong}, by no common factor."
    return f"Looked at {len(entries)} of {total:,} entries one by one; wrong: {wrong}, by no common factor."


def looks_like_low_precision(probe: TensorProbe) -> bool:
    """Are the errors of the size and the disorder that float32 leaves, all entries having been measured?

    Three wrong entries at least, in both directions, none by more than 1e-5 of the largest.
    """
    if len(probe.entries) < probe.claimed.size:
        return False
    wrong = [entry for entry in probe.entries if entry.verdict is Verdict.WRONG]
    signs = {bool(entry.difference * entry.measured > 0) for entry in wrong}
    small = all(abs(entry.difference) <= LOW_PRECISION * probe.largest for entry in wrong)
    return len(wrong) >= 3 and len(signs) == 2 and small


def note(code: str, message: str, *outputs: str) -> Finding:
    """Something to know that changes no verdict."""
    return Finding(code, message, Certainty.OBSERVED, severity=Severity.NOTE, outputs=outputs)
