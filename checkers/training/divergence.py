"""Did training go wrong, since which step, and why: told from experiments, not guessed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .history import History

# A cost that ends so many times above where it began has diverged; mini-batches alone make it swing by less.
GROWN = 2.0
# Parts of the rate at which the first steps are tried again: inputs of some thousands need a rate of 1e-7.
SMALLER = tuple(10.0**-power for power in range(1, 9))
# A cost that changes by less than this part is nearly a straight line along the steps: which way it goes is the
# gradient's doing, not the rate's.
SLIGHT = 0.01
# Steps of such a trial: enough to see which way it goes.
TRIAL = 20


@dataclass(frozen=True, slots=True)
class Divergence:
    """Training went wrong.

    Attributes:
        step: the first step after which the cost was not finite, or never again below where it began; from 1. None
            where the costs of the batches are not known.
        epoch: the same in epochs.
        is_finite: did it grow without end, or end in nan?
        reason: what the experiments say; "" where they say nothing.
    """

    step: int | None
    epoch: int
    is_finite: bool
    reason: str = ""


def divergence(history: History) -> Divergence | None:
    """Since when the cost is not finite, or never again as low as it was before the first step; None where it fell."""
    first, last = history.epochs[0].train.cost, history.last.train.cost
    costs, after = np.asarray(history.costs), np.asarray([epoch.train.cost for epoch in history.epochs])
    known = not np.isnan(costs).all()
    if not math.isfinite(last):
        step = _first(~np.isfinite(costs), len(costs)) if known else None
        return Divergence(step, _first(~np.isfinite(after), len(after)), is_finite=False)
    if len(history.epochs) > 1 and last > GROWN * abs(first):
        # From 1: what is as low as the first before a step may be higher after it.
        step = max(1, _after_last(costs <= first)) if known else None
        return Divergence(step, _after_last(after <= first), is_finite=True)
    return None


def _first(holds: NDArray[np.bool_], otherwise: int) -> int:
    """The place of the first that holds."""
    places = np.flatnonzero(holds)
    return int(places[0]) if len(places) else otherwise


def _after_last(holds: NDArray[np.bool_]) -> int:
    """The place behind the last that holds; 0 where none does."""
    places = np.flatnonzero(holds)
    return int(places[-1]) + 1 if len(places) else 0


def reason(
    trial: Callable[[float], tuple[float, float]],
    rate: float,
    taken: str,
    *,
    others_learn: bool = False,
) -> str:
    """Why it went wrong, by beginning again at smaller rates.

    Args:
        trial: the cost before and after beginning again at a rate.
        taken: how far that goes: "the first 20 steps".
        others_learn: does the reference learn at this rate from the same weights?
    """
    for part in SMALLER:
        before, after = trial(part * rate)
        again = f"with {taken} taken at {part * rate:g}"
        if after < before:
            what = f"{again}, the cost comes down from {before:.4g} to {after:.4g}"
            if others_learn:
                return f"the reference learns at this rate, so the steps are to blame; {what}"
            return f"the rate is too large: {what}"
        if after - before < SLIGHT * abs(before):
            return (
                f"the steps lead uphill: {again}, where they are small, the cost still rises from {before:.6g} to "
                f"{after:.6g}, as with a gradient of the wrong sign"
            )
    return ""
