"""Where a wrong value first shows: the line of the student's function that set a variable to what a mistake gives.

The error model knows what each of its mistakes makes of the step that it is made in. Where one of the student's own
variables holds just that, up to layout and a constant factor, the mistake was made in the line that set it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .compiled_exercise import LoadedExercise, Variant
from .findings import Certainty, Finding
from .scale import common_factor
from .task_check import Trial
from .wrong_steps import WrongSteps

AnyArray = NDArray[Any]

SAME = 1e-6  # of the largest entry; also single precision is closer
# float16 rounds to 5e-4; sums and differences of a few such numbers lose one more digit.
HALF_PRECISION = 2e-2
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


def placed(finding: Finding, trial: Trial, loaded: LoadedExercise | None, trace: Sequence[Traced]) -> Finding:
    """A finding with the line that the function's own variables tell, and the name that only they show."""
    if finding.code == "unknown":
        return _seen(finding, trial, trace)
    if finding.line is not None:
        return finding
    place = line_of(finding, trial, loaded, trace) if loaded is not None else _of_output(finding, trial, trace)
    is_seen = finding.certainty is Certainty.OBSERVED or trial.probe.question is not None
    if place is None and is_seen:
        place = _of_output(finding, trial, trace)
    return replace(finding, line=place.line) if place is not None else finding


def _of_output(finding: Finding, trial: Trial, trace: Sequence[Traced]) -> Traced | None:
    """Where a shape went wrong: where the output was first set, or where the function came to its end."""
    arrays = [one.returned.array for one in trial.judged if one.output.name in finding.outputs]
    if arrays and arrays[0] is not None:
        if trial.probe.question is not None:
            return _where_put(arrays[0], finding.outputs[0], trace)
        return where_set(arrays[0], trace)
    # What is left out of the result is missing where it returns; an empty body, where it ends.
    is_empty = finding.code == "not-implemented" and len(trace) == 1
    return trace[-1] if trace and (is_empty or finding.code == "wrong-shape") else None


def _where_put(array: AnyArray, name: str, trace: Sequence[Traced]) -> Traced | None:
    """Where a value that a property judges was put into a result: under its name, under any, or last returned."""
    named = [traced for traced in trace if name in traced.name]
    others = [traced for traced in trace if traced.name != "return"]
    return where_set(array, named) or where_set(array, others) or where_set(array, trace[::-1])


def _seen(finding: Finding, trial: Trial, trace: Sequence[Traced]) -> Finding:
    """What no mistake of the error model explains, but a variable does: a spread shape, half precision."""
    wide = spread(trace, trial.probe.sizes.values())
    if wide is not None:
        names = ", ".join(finding.outputs)
        message = f"{names}: {wide.name} has the shape {wide.value.shape}; an (n,) and an (n, 1) make an (n, n)."
        hint = "Print the shapes: bring both to (n,), for instance with .ravel()."
        return replace(finding, code="broadcast", message=message, hint=hint, line=wide.line)
    half = next((traced for traced in trace if traced.is_half), None)
    compared = [one.comparison for one in trial.judged if one.output.name in finding.outputs]
    error = max((one.relative_error for one in compared if one is not None), default=np.inf)
    if half is not None and error <= HALF_PRECISION:
        what = half.name if half.name.isidentifier() and half.name != "return" else "what is computed here"
        message = f"{', '.join(finding.outputs)}: right to {error:.0e} only; {what} is a float16 array."
        return replace(finding, code="low-precision", message=message, hint="Compute in float64.", line=half.line)
    return finding


def line_of(finding: Finding, trial: Trial, loaded: LoadedExercise, trace: Sequence[Traced]) -> Traced | None:
    """Where the mistake that a finding names was made; None where no variable shows it."""
    if finding.certainty not in {Certainty.LIKELY, Certainty.AMBIGUOUS} or finding.step is None:
        return None
    probe = trial.probe
    model = loaded.load_errors(loaded.exercise.cases.index(probe.case), probe.task.name)
    steps = WrongSteps(model, probe.task, probe.values, probe.sizes)
    changed = {finding.step}
    for variant in model.variants:
        is_meant = variant.code == finding.code and variant.step == finding.step
        if is_meant and _explains(variant, steps, finding, trial):
            found = _place_of(variant, steps, trace)
            if found is not None:
                return found
            changed |= {model.wrong[place].name for place in variant.changed}
    # A mistake in the output's own step, made there alone or in others too, shows in the output itself; so does one in
    # a loss, which is a line or two.
    own = [one for one in trial.judged if one.output.name in finding.outputs]
    if finding.code != "term-missing":  # terms add up where the output is set, whatever the step is called
        own = [one for one in own if one.output.quantity in changed or not one.output.is_derivative]
    return where_set(own[0].returned.array, trace) if own and own[0].returned.array is not None else None


def _explains(variant: Variant, steps: WrongSteps, finding: Finding, trial: Trial) -> bool:
    """Does the variant give what was returned, a constant factor aside? Several share a code and a step."""
    run = steps.run(variant.changed)
    for one in trial.judged:
        if one.output.name in finding.outputs and one.comparison is not None:
            array = run.output(one.output.name)
            if array is None or array.shape != one.comparison.yours.shape:
                return False
            if not _is(one.comparison.yours, array) and common_factor(one.comparison.yours, array) is None:
                return False
    return True


def where_set(array: AnyArray, trace: Sequence[Traced]) -> Traced | None:
    """Where a value was first set."""
    return next((traced for traced in trace if traced.value.size and _is(traced.value, np.asarray(array))), None)


def _place_of(variant: Variant, steps: WrongSteps, trace: Sequence[Traced]) -> Traced | None:
    """Where a variable first holds what a variant makes of its step, or of one between it and the outputs."""
    outputs = {output.quantity for output in steps.outputs.values()}
    between = [name for name in steps.steps if variant.step in steps.upstream(name) and name not in outputs]
    run = steps.run(variant.changed)
    for name in (variant.step, *between):
        try:
            wrong = np.asarray(run.value(name), dtype=float)
            right = np.asarray(steps.right_value(name), dtype=float)
        except (ValueError, IndexError, TypeError):
            continue
        if variant.code == "activation-derivative":
            slope = _first_slope(wrong, name, steps, trace)
            if slope is not None:
                return slope
        found = _first(trace, wrong, right)
        if found is not None:
            return found
    return None


def _first_slope(wrong: AnyArray, name: str, steps: WrongSteps, trace: Sequence[Traced]) -> Traced | None:
    """Where the derivative of an activation, by which the gradient from above is multiplied, is first the wrong one."""
    for above in steps.steps[name].inputs if name in steps.steps else ():
        given = np.asarray(steps.right_value(above), dtype=float)
        if given.shape == wrong.shape and np.all(np.abs(given) > 0):
            slope = wrong / given
            # A function that is right elsewhere, such as relu for its derivative, is not where the mistake is.
            if np.ptp(slope) > SAME and not any(_is(slope, np.asarray(known)) for known in steps.right.values()):
                found = where_set(slope, trace)
                if found is not None:
                    return found
    return None


def spread(trace: Sequence[Traced], sizes: Collection[int]) -> Traced | None:
    """The first square array with a size twice: (n,) and (n, 1) make it, and sizes are told apart by being primes."""
    for traced in trace:
        shape = traced.value.shape
        is_plain = traced.value.ndim == 2 and not np.array_equal(traced.value, np.eye(len(traced.value)))
        if is_plain and shape[0] == shape[1] and shape[0] in sizes:
            return traced
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
    with np.errstate(invalid="ignore"):  # inf - inf is not the same
        return any(
            bool(np.all(np.abs(array - other) <= SAME * size)) and size > 0 for array in _layouts(value, other.shape)
        )


def _is_multiple(value: AnyArray, other: AnyArray) -> bool:
    return any(common_factor(array, other) is not None for array in _layouts(value, other.shape))
