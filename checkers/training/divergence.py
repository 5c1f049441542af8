"""Did training go wrong, since which step, and why: told from experiments, not guessed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .history import History

# A cost that ends so many times above where it began has diverged; mini-batches alone make it swing by less.
GROWN = 2.0
# Parts of the rate at which the first steps are tried again.
SMALLER = (0.1, 0.01, 0.001)
# Steps of such a trial, each on the same samples: enough to see which way it goes.
TRIAL = 20


@dataclass(frozen=True, slots=True)
class Divergence:
    """Training went wrong.

    Attributes:
        step: the first step after which the cost was not finite, or never again below where it began; from 1.
        is_finite: did it grow without end, or end in nan?
        reason: what the experiments say; "" where they say nothing.
    """

    step: int
    is_finite: bool
    reason: str = ""


def divergence(history: History) -> Divergence | None:
    """Since when the cost is not finite, or never again as low as it was before the first step; None where it fell."""
    first, last = history.epochs[0].train.cost, history.last.train.cost
    costs = np.asarray(history.costs)
    unfit = np.flatnonzero(~np.isfinite(costs))
    if not math.isfinite(last):
        return Divergence(int(unfit[0]) if len(unfit) else len(costs), is_finite=False)
    if len(history.epochs) > 1 and last > GROWN * abs(first):
        low = np.flatnonzero(costs <= first)
        return Divergence(int(low[-1]) + 1 if len(low) else 1, is_finite=True)
    return None


def reason(trial: Callable[[float], Sequence[float]], rate: float) -> str:
    """Why it went wrong, by taking the first steps again at smaller rates.

    Args:
        trial: the costs of the first `TRIAL` steps, all on the same samples, at a rate.
    """
    for part in SMALLER:
        with np.errstate(all="ignore"):
            costs = trial(part * rate)
        if not np.isfinite(costs).all():
            continue
        if costs[-1] < costs[0]:
            return (
                f"the rate is too large: at {part * rate:g} the cost falls from {costs[0]:.4g} to {costs[-1]:.4g} "
                f"in the first {len(costs) - 1} steps"
            )
    if np.isfinite(costs).all() and costs[-1] > costs[0]:
        return (
            f"the steps lead uphill at any rate: even at {SMALLER[-1] * rate:g} the cost grows from {costs[0]:.4g} to "
            f"{costs[-1]:.4g}, as with a gradient of the wrong sign"
        )
    return ""
