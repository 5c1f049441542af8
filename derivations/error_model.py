"""The error model of a task: mistakes as steps of NumPy source, those without effect left out, equal ones grouped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checkers.comparison import LOW_PRECISION, RELATIVE, compare
from checkers.compiled_exercise import ErrorModel, SourceStep, Variant
from checkers.tasks import Task
from checkers.wrong_steps import WrongSteps

from .mistakes import Mistake, Written, mistakes
from .model import Model
from .numpy_source import step_source, variable
from .program import Assignment, Program

AnyArray = NDArray[Any]
Probe = tuple[Mapping[str, AnyArray], Mapping[str, int]]

# Two variants nearer than this differ by the order of summation only.
EQUAL = 1e-9


def error_model(
    task: Task,
    right: Program,
    known: Mapping[str, Assignment],
    probes: Sequence[Probe],
    writer: StepWriter,
) -> ErrorModel:
    """Every single mistake in a program that changes an output of the task.

    Args:
        known: every quantity there is, since a mistake may use one that the right program does not.
        probes: values of all quantities, and sizes, on which effects are seen.
        writer: of the steps; it may have written for other tasks and models whose arrays have the same names.
    """
    wrong: dict[SourceStep, int] = {}
    steps = {assignment.name: writer.step(assignment) for assignment in right.assignments}
    variants: dict[tuple[tuple[int, ...], str, str], Variant] = {}
    for mistake in mistakes(right):
        changed = [writer.step(assignment) for assignment in mistake.changed.values()]
        if not _add_what_they_need(changed, mistake, right.model, steps, known, writer):
            continue
        places = tuple(sorted(wrong.setdefault(step, len(wrong)) for step in changed))
        variant = replace(mistake.variant, changed=places)
        variants.setdefault((places, variant.code, variant.message), variant)
    model = ErrorModel(tuple(steps.values()), tuple(wrong))
    return _compact(replace(model, variants=_grouped(list(variants.values()), model, task, probes)))


class StepWriter:
    """Writes each distinct step once."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._known: dict[Assignment | Written, SourceStep] = {}

    def step(self, assignment: Assignment | Written) -> SourceStep:
        """The step's source."""
        if assignment not in self._known:
            if isinstance(assignment, Written):
                arguments = ", ".join(variable(name, self.model) for name in assignment.inputs)
                body = "".join(f"    {line}\n" for line in assignment.lines)
                source = SourceStep(assignment.name, assignment.inputs, f"def step({arguments}):\n{body}")
            else:
                inputs, text = step_source(assignment, self.model)
                source = SourceStep(assignment.name, inputs, text)
            self._known[assignment] = source
        return self._known[assignment]


def _add_what_they_need(
    changed: list[SourceStep],
    mistake: Mistake,
    model: Model,
    steps: dict[str, SourceStep],
    known: Mapping[str, Assignment],
    writer: StepWriter,
) -> bool:
    """Add the right steps that wrong ones need and the program has not; False where they cannot be had."""
    waiting = [name for step in changed for name in step.inputs]
    while waiting:
        name = waiting.pop()
        if name in mistake.changed or name in steps or name in model.size_notes:
            continue
        if name in known:
            steps[name] = writer.step(known[name])
            waiting += steps[name].inputs
        elif name not in model.arrays:
            return False
    return True


# Effects --------------------------------------------------------------------------------------------------------------


class _Effect:
    """What comes out on all probes: the shape of every output, and all numbers in a row."""

    def __init__(self, arrays: Sequence[AnyArray]) -> None:
        self.shapes = tuple(array.shape for array in arrays)
        self.numbers = np.concatenate([array.ravel() for array in arrays])
        self.size = float(np.abs(self.numbers).max(initial=1.0))
        # One number to tell most effects apart by: every entry counts, and none like another.
        self.trace = float(self.numbers @ np.cos(np.arange(len(self.numbers))))

    def equals(self, other: _Effect) -> bool:
        """Are the numbers the same?"""
        if not abs(self.trace - other.trace) <= EQUAL * self.size * len(self.numbers):
            return False
        return bool(np.all(np.abs(self.numbers - other.numbers) <= EQUAL * self.size))


class _Effects:
    """What each variant does to the outputs of a task, against the right ones."""

    def __init__(self, model: ErrorModel, task: Task, probes: Sequence[Probe]) -> None:
        self.settings = [WrongSteps(model, task, values, sizes) for values, sizes in probes]
        self.names = [output.name for _ in probes for output in task.outputs]
        self.expected = self._arrays(()) or []
        self.right = _Effect(self.expected)
        lengths = [array.size for array in self.expected]
        self.starts = np.cumsum([0, *lengths])
        largest = np.repeat([np.abs(array).max(initial=0.0) for array in self.expected], lengths)
        self.clearly_wrong = LOW_PRECISION * largest
        self.surely_right = RELATIVE * np.abs(self.right.numbers)

    def of(self, changed: tuple[int, ...]) -> tuple[_Effect, tuple[str, ...]] | None:
        """What a variant gives and the outputs that it changes; None where NumPy raises, or all is 0, or not finite."""
        arrays = self._arrays(changed)
        # Zeros are what is left when nothing is computed: no mistake is named after them.
        if arrays is None or any(e.any() and not a.any() for a, e in zip(arrays, self.expected, strict=True)):
            return None
        effect = _Effect(arrays)
        return (effect, self._changed(effect, arrays)) if np.isfinite(effect.size) else None

    def _arrays(self, changed: tuple[int, ...]) -> list[AnyArray] | None:
        arrays: list[AnyArray] = []
        with np.errstate(all="ignore"):
            for setting in self.settings:
                run = setting.run(changed)
                for name in setting.outputs:
                    array = run.output(name)
                    if array is None:
                        return None
                    arrays.append(np.asarray(array, dtype=float))
        return arrays

    def _changed(self, effect: _Effect, arrays: Sequence[AnyArray]) -> tuple[str, ...]:
        if effect.shapes != self.right.shapes:
            wrong = [
                array.shape != expected.shape or not compare(array, expected).is_right
                for array, expected in zip(arrays, self.expected, strict=True)
            ]
        else:
            error = np.abs(effect.numbers - self.right.numbers)
            clear = np.logical_or.reduceat(error > self.clearly_wrong, self.starts[:-1])
            touched = np.logical_or.reduceat(error > self.surely_right, self.starts[:-1])
            wrong = [
                bool(clear[place] or (touched[place] and not compare(arrays[place], self.expected[place]).is_right))
                for place in range(len(arrays))
            ]
        return tuple(dict.fromkeys(name for name, is_wrong in zip(self.names, wrong, strict=True) if is_wrong))


def _grouped(
    variants: Sequence[Variant], model: ErrorModel, task: Task, probes: Sequence[Probe]
) -> tuple[Variant, ...]:
    """The variants that change something, with their outputs and groups; the likeliest first."""
    effects = _Effects(model, task, probes)
    known = {changed: effects.of(changed) for changed in {variant.changed for variant in variants}}
    groups: list[list[Variant]] = []
    alike: dict[tuple[Any, ...], list[tuple[_Effect, list[Variant]]]] = {}
    for variant in sorted(variants, key=lambda variant: -variant.prior):
        found = known[variant.changed]
        if found is None or not found[1]:
            continue
        effect, outputs = found
        same = alike.setdefault((outputs, effect.shapes), [])
        members = next((members for other, members in same if effect.equals(other)), None)
        if members is None:
            members = []
            same.append((effect, members))
            groups.append(members)
        members.append(replace(variant, outputs=outputs))
    return tuple(replace(variant, group=number) for number, members in enumerate(groups) for variant in members)


def _compact(model: ErrorModel) -> ErrorModel:
    """The model without wrong steps that no variant is left to use."""
    used = sorted({place for variant in model.variants for place in variant.changed})
    place_of = {old: new for new, old in enumerate(used)}
    variants = (replace(v, changed=tuple(place_of[place] for place in v.changed)) for v in model.variants)
    return replace(model, wrong=tuple(model.wrong[place] for place in used), variants=tuple(variants))
