"""Labels (N,) beside predictions (N, 1): NumPy compares every label with every prediction, and nobody meant that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from checkers.student_answers import Outcome
from checkers.task_check import Caller

from . import harness
from .claims import as_array
from .probe import MeasuredProbe
from .roles import Role, role_of
from .units import Reading

if TYPE_CHECKING:
    from .check import Attempt

MEETS_ALL = "in no layout that was tried do its labels meet the predictions one by one: each is compared with all"


def compares_all(attempt: Attempt, caller: Caller) -> bool:
    """Is the loss the same whichever sample has which label, although it depends on the labels?"""
    probe = attempt.run.trials[0].probe if attempt.run is not None else None
    if not isinstance(probe, MeasuredProbe) or probe.value is None:
        return False
    inputs = {name: value for name, value in probe.values.items() if not name.endswith("#")}
    labels = _labels(attempt.reading)
    moved = {name: np.roll(inputs[name], 1, axis) for name, axis in labels.items()}
    if not any(np.any(moved[name] != inputs[name]) for name in labels):
        return False
    others = {name: np.zeros_like(inputs[name]) for name in labels}
    case = int(probe.values["case#"])
    own, of_moved, of_others = (
        _loss(attempt.name, case, {**inputs, **changed}, caller) for changed in ({}, moved, others)
    )
    if own is None or of_moved is None or of_others is None:
        return False
    return bool(np.isclose(of_moved, own, rtol=1e-12, atol=0) and not np.isclose(of_others, own, rtol=1e-6, atol=0))


def _labels(reading: Reading) -> dict[str, int]:
    """The labels, each with the axis of its samples; what is differentiated is none, whatever its name."""
    told = reading.loss.labels if reading.loss else ""
    return {
        one.name: one.shape.index("n")
        for one in reading.cases[0].inputs
        if "n" in one.shape and one.name not in reading.wrt and (one.name == told or role_of(one.name) is Role.LABELS)
    }


def _loss(name: str, case: int, inputs: dict[str, Any], caller: Caller) -> float | None:
    caller.revive()
    result = caller.student.call(name, [harness.VALUE, case, inputs], timeout=caller.timeout)
    value = as_array(result.value) if result.outcome is Outcome.VALUE else None
    return float(value.ravel()[0]) if value is not None and value.size == 1 else None
