"""Recognising a wrong result: the wrong functions of the error model, run on the same probes, and compared.

A variant explains a result when it gives the same numbers, at two sets of sizes, for every output of the function at
once. Variants with the same numbers are one class: the likeliest is the finding, the others stand beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .compiled_exercise import Case, LoadedExercise, Variant
from .tasks import Task

AnyArray = NDArray[Any]
Outputs = Mapping[str, AnyArray]

# Closer than this it is the variant, even in float32; two variants are never so close on random arrays by chance.
SAME = 1e-5
# A variant must be this much nearer than the right value, or a tiny error would be named after a tiny mistake.
GAP = 0.1
# What rounding leaves of a sum that is 0; probes are of size 1.
NOTHING = 1e-13


@dataclass(frozen=True, slots=True)
class Observation:
    """What a function returned at one set of sizes, and what it was given."""

    values: Mapping[str, AnyArray]
    returned: Outputs


@dataclass(frozen=True, slots=True)
class ErrorModel:
    """The wrong ways to compute a task's outputs."""

    task: Task
    functions: Mapping[str, Any]
    variants: tuple[Variant, ...]

    @staticmethod
    def of(loaded: LoadedExercise, case: Case, task: Task) -> ErrorModel:
        """The error model of a task in a case."""
        number = loaded.exercise.cases.index(case)
        functions, variants = loaded.load_variants(number, task.name)
        return ErrorModel(task, functions, variants)

    def outputs(self, variant: Variant, values: Mapping[str, AnyArray]) -> Outputs:
        """What the variant returns, laid out as the student's outputs are; what it cannot compute is left out."""
        arguments = (values[name] for name in self.functions["ARGUMENTS"])
        try:
            with np.errstate(all="ignore"):
                result = self.functions[variant.function](*arguments)
        except (ValueError, IndexError, TypeError):
            return {}  # shapes that do not fit: students would see an exception there
        results = result if isinstance(result, tuple) else (result,)
        found = {}
        for output, array in zip(self.task.outputs, results, strict=True):
            try:
                found[output.name] = output.form.apply(np.asarray(array))
            except ValueError:
                continue
        return found

    def explaining(self, observations: Sequence[Observation], names: Iterable[str]) -> tuple[Variant, ...]:
        """The variants that give these outputs at every set of sizes, likeliest first."""
        names = tuple(names)
        found: list[Variant] = []
        verdicts: dict[str, bool] = {}
        for variant in self.variants:
            if variant.function not in verdicts:
                verdicts[variant.function] = all(
                    self._explains(self.outputs(variant, observation.values), observation, names)
                    for observation in observations
                )
            if verdicts[variant.function]:
                found.append(variant)
        return tuple(sorted(found, key=lambda variant: -variant.prior))

    def _explains(self, variant: Outputs, observation: Observation, names: tuple[str, ...]) -> bool:
        """Does the variant give what was returned, and clearly so: is it far nearer than the right value is?"""
        for name in names:
            if name not in variant or name not in observation.returned:
                return False
            yours = observation.returned[name]
            output = next(output for output in self.task.outputs if output.name == name)
            right = np.asarray(output.form.apply(observation.values[output.quantity]))
            if not same(yours, variant[name]):
                return False
            if yours.shape == right.shape:
                if _distance(yours, variant[name]) > GAP * _distance(yours, right) + NOTHING:
                    return False
                if np.max(np.abs(variant[name]), initial=0.0) <= NOTHING < np.max(np.abs(right), initial=0.0):
                    return False  # zeros are what is left when nothing is computed
        return True


def _distance(one: AnyArray, other: AnyArray) -> float:
    return float(np.max(np.abs(one - other), initial=0.0))


def same(yours: AnyArray, other: AnyArray) -> bool:
    """Are the two equal up to rounding, and is there anything to see it by?"""
    if yours.shape != other.shape or yours.size == 0:
        return False
    size = float(np.max(np.abs(other)))
    return bool(np.all(np.abs(yours - other) <= SAME * size + NOTHING)) and np.isfinite(size)
