"""Where a wrong value first shows: the line of the student's function that set a variable to what a mistake gives.

The error model knows what each of its mistakes makes of the step that it is made in. Where one of the student's own
variables holds just that, up to layout and a constant factor, the mistake was made in the line that set it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .compiled_exercise import LoadedExercise
from .findings import Certainty, Finding
from .scale import common_factor
from .task_check import Probe
from .wrong_steps import WrongSteps

AnyArray = NDArray[Any]

SAME = 1e-6  # of the largest entry; also single precision is closer
FEWEST = 3  # entries: of fewer, each is a multiple of many


@dataclass(frozen=True, slots=True)
class Traced:
    """A value that a line set: its name there, and what it was."""

    line: int
    name: str
    value: AnyArray
    is_half: bool = False


def read_trace(values: Iterable[Any]) -> list[Traced]:
    """The trace as the student's process told it; what is no such thing is left out."""
    found = []
    for one in values:
        match one:
            case [int() as line, str() as name, np.ndarray() as value] if value.dtype.kind in "biuf":
                found.append(Traced(line, name, value.astype(np.float64), value.dtype == np.float16))
    return found


def line_of(finding: Finding, probe: Probe, loaded: LoadedExercise, trace: Sequence[Traced]) -> Traced | None:
    """Where the mistake that a finding names was made; None where no variable shows it."""
    if finding.certainty not in {Certainty.LIKELY, Certainty.AMBIGUOUS} or finding.step is None:
        return None
    number = loaded.exercise.cases.index(probe.case)
    model = loaded.load_errors(number, probe.task.name)
    steps = WrongSteps(model, probe.task, probe.values, probe.sizes)
    for variant in model.variants:
        if variant.code != finding.code or variant.step != finding.step:
            continue
        try:
            wrong = np.asarray(steps.run(variant.changed).value(variant.step), dtype=float)
            right = np.asarray(steps.right_value(variant.step), dtype=float)
        except (ValueError, IndexError, TypeError):
            continue
        found = _first(trace, wrong, right)
        if found is not None:
            return found
    return None


def first_difference(one: Sequence[Traced], other: Sequence[Traced]) -> int | None:
    """The line at which two runs of the same call part ways; None where they do not."""
    for first, second in zip(one, other, strict=False):
        if (first.line, first.name) != (second.line, second.name):
            return first.line
        if not np.array_equal(first.value, second.value, equal_nan=True):
            return first.line
    return None


def _first(trace: Sequence[Traced], wrong: AnyArray, right: AnyArray) -> Traced | None:
    for traced in trace:
        if _is(traced.value, wrong) and not _is(traced.value, right):
            return traced
    if wrong.size >= FEWEST and not _is_multiple(wrong, right):
        for traced in trace:
            if _is_multiple(traced.value, wrong):
                return traced
    return None


def _layouts(value: AnyArray, shape: tuple[int, ...]) -> list[AnyArray]:
    """The value as it would be in the shape: itself, its transpose, without axes of length 1."""
    plain = np.squeeze(value)
    wanted = tuple(n for n in shape if n != 1)
    return [array.reshape(shape) for array in (plain, plain.T) if array.shape == wanted]


def _is(value: AnyArray, other: AnyArray) -> bool:
    size = float(np.max(np.abs(other), initial=0.0))
    return any(
        bool(np.all(np.abs(array - other) <= SAME * size)) and size > 0 for array in _layouts(value, other.shape)
    )


def _is_multiple(value: AnyArray, other: AnyArray) -> bool:
    return any(common_factor(array, other) is not None for array in _layouts(value, other.shape))
