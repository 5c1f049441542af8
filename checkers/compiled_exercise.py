"""A compiled exercise: all that a check needs of a derivation, as plain data and NumPy source.

It is written as Python modules. The first holds the functions that compute the right values and, as `EXERCISE`, the
data below; the others, one for each task of each case and needed only when it is wrong, the wrong ways to compute it as
`ERRORS`, an error model: every step once, right and wrong, since a mistake changes one step of many.
Since every value here is a frozen dataclass whose repr is the source that makes it, no format of its own is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .hints import DEFAULT as DEFAULT_LEVEL
from .probes import ArraySpec, Domain, draw
from .reference_oracle import Layer, NetworkSpec
from .tasks import Argument, Form, Output, Task

AnyArray = NDArray[Any]

# What the repr of a compiled exercise needs to be evaluated.
__all__ = [
    "Argument",
    "ArraySpec",
    "Case",
    "CompiledExercise",
    "Domain",
    "ErrorModel",
    "Form",
    "Layer",
    "NetworkSpec",
    "Output",
    "Slope",
    "SourceStep",
    "Task",
    "Variant",
]


@dataclass(frozen=True, slots=True)
class Slope:
    """How a derivative is measured without the chain rule.

    Attributes:
        quantity: the derivative, such as "dJ/dz".
        function: name of the function of `wrt` (first argument) and `arguments` whose derivative it is.
        wrt: the array it is differentiated with respect to.
        arguments: the other arrays it needs.
    """

    quantity: str
    function: str
    wrt: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceStep:
    """One step of a computation, as NumPy source.

    Attributes:
        name: the quantity it computes, such as "dJ/dz".
        inputs: the quantities and sizes it takes; its own name among them stands for the right value.
        source: defines the function `step` of the inputs.
    """

    name: str
    inputs: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Variant:
    """A wrong way to compute a task's outputs, as one mistake in the derivation makes it.

    Attributes:
        code: the finding's code.
        step: the step of the derivation that was done wrongly.
        message: what happened, without a value in it.
        hint: what to try.
        prior: how often students make it, against the others of the case.
        changed: positions of the wrong steps among the error model's.
        outputs: those that it changes.
        group: variants of the same group give the same numbers.
    """

    code: str
    step: str
    message: str
    hint: str
    prior: float
    changed: tuple[int, ...] = ()
    outputs: tuple[str, ...] = ()
    group: int = 0


@dataclass(frozen=True, slots=True)
class ErrorModel:
    """The wrong ways to compute a task's outputs.

    Attributes:
        right: the steps as they should be.
        wrong: other ways to do one of them.
        variants: the mistakes, by group.
    """

    right: tuple[SourceStep, ...] = ()
    wrong: tuple[SourceStep, ...] = ()
    variants: tuple[Variant, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One model of an exercise; or none, where properties judge the tasks: then there is nothing but these.

    Attributes:
        sizes: two sets of distinct sizes to check at, prime where the model has no windows.
        specs: how to draw the arrays that everything is computed from.
        function: computes all quantities from those arrays, as a dict.
        kinks: those quantities that should stay away from 0.
        logits: the arrays that an exponential is taken of.
        slopes: how each derivative is measured.
        steps: derivative -> its step of the derivation, as text.
    """

    label: str = ""
    sizes: tuple[Mapping[str, int], ...] = ()
    specs: tuple[ArraySpec, ...] = ()
    function: str = ""
    kinks: tuple[str, ...] = ()
    logits: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()
    slopes: tuple[Slope, ...] = ()
    steps: tuple[tuple[str, str], ...] = ()
    network: NetworkSpec | None = None

    @property
    def inputs(self) -> tuple[str, ...]:
        """The arrays that everything is computed from."""
        return tuple(spec.name for spec in self.specs)


@dataclass(frozen=True, slots=True)
class CompiledExercise:
    """An exercise ready to be checked against.

    Attributes:
        partial_credit: family of a mistake -> the part of an output's points that it leaves.
        feedback_level: the hint level of what students get when a class is graded.
        given: functions that the starter has, and that no change is looked for in.
    """

    id: str
    title: str
    cases: tuple[Case, ...]
    partial_credit: Mapping[str, float] = field(default_factory=dict)
    feedback_level: int = int(DEFAULT_LEVEL)
    given: tuple[str, ...] = ()

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The declared functions, each once; of one that several cases share, the one with most outputs."""
        found: dict[str, Task] = {}
        for case in self.cases:
            for task in case.tasks:
                if task.name not in found or len(task.outputs) >= len(found[task.name].outputs):
                    found[task.name] = task
        return tuple(found.values())


# Ten thousand times the step of a central difference: finite differences do not see the kink.
CLEAR_OF_KINKS = 1e-2


def _beside_kinks(arguments: list[AnyArray]) -> tuple[bool, int, float]:
    """How good a draw is: clear of all kinks, values on both sides of many, and then as far from them as can be."""
    distance = min((float(np.abs(argument).min()) for argument in arguments), default=np.inf)
    sides = sum(int((argument > 0).any()) + int((argument < 0).any()) for argument in arguments)
    return distance > CLEAR_OF_KINKS, sides, distance


@dataclass(frozen=True, slots=True)
class LoadedExercise:
    """A compiled exercise with its functions.

    Attributes:
        functions: of the first module, by name.
        agreement: the largest difference between the oracles for each quantity, when the exercise was built.
        load_errors: (number of the case, name of the task) -> the wrong ways to compute it.
    """

    exercise: CompiledExercise
    functions: Mapping[str, Any]
    load_errors: Callable[[int, str], ErrorModel]
    agreement: Mapping[str, float]

    def values(self, case: Case, arrays: Mapping[str, Any]) -> dict[str, AnyArray]:
        """All quantities of a case, the arrays they are computed from included."""
        with np.errstate(all="ignore"):
            computed = self.functions[case.function](*(arrays[name] for name in case.inputs))
        return {**arrays, **computed}

    def probe(self, case: Case, sizes: Mapping[str, int], seed: int, candidates: int = 16) -> dict[str, AnyArray]:
        """Random arrays and all quantities; of several draws, the best beside kinks, see `_beside_kinks`."""
        # Seeds of different checks must not share their candidates.
        seeds = (seed * candidates + number for number in range(candidates if case.kinks else 1))
        draws = (self.values(case, draw(case.specs, sizes, one)) for one in seeds)
        return max(draws, key=lambda values: _beside_kinks([values[name] for name in case.kinks]))

    def slope_function(self, slope: Slope, values: Mapping[str, Any]) -> Callable[[AnyArray], AnyArray]:
        """The function whose derivative is the slope's quantity, the other arrays held at these values."""
        function: Callable[..., AnyArray] = self.functions[slope.function]
        held = [values[name] for name in slope.arguments]
        return lambda array: function(array, *held)
