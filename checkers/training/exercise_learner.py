"""An exercise's own gradients, learning: right, or with one mistake of the error model in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..compiled_exercise import ErrorModel, LoadedExercise, Variant
from ..errors import UsageError
from ..findings import Certainty, Finding
from ..probes import draw
from ..wrong_steps import WrongSteps
from .dataset import Samples
from .descent import Descent
from .history import LearningError, Score
from .network import Reference
from .plan import Plan
from .step_sizes import StepSizeCurve, step_size_curve

AnyArray = NDArray[Any]

# Rows that are measured at a time: their activations stay in a processor's cache.
MEASURED = 1000


@dataclass(frozen=True, slots=True)
class Objective:
    """Cost and accuracy of parameters, by the reference network, or else by the exercise's own functions.

    Attributes:
        reference: the network that can express the case, if it can.
    """

    loaded: LoadedExercise
    plan: Plan
    errors: ErrorModel
    reference: Reference | None

    @classmethod
    def of(cls, loaded: LoadedExercise, plan: Plan) -> Objective:
        """The objective of one case of an exercise."""
        errors = loaded.load_errors(loaded.exercise.cases.index(plan.case), plan.task.name)
        return cls(loaded, plan, errors, Reference.of(plan))

    def values(self, parameters: Mapping[str, AnyArray], X: AnyArray, Y: AnyArray) -> dict[str, AnyArray]:
        """All quantities of the model on some samples."""
        arrays = {**self.plan.batch(X, Y), **parameters, **self.plan.constants}
        unused = {name: np.zeros(()) for name in self.plan.case.inputs if name not in arrays}
        return self.loaded.values(self.plan.case, {**unused, **arrays})

    def measure(self, parameters: Mapping[str, AnyArray], samples: Samples, *, classes: bool) -> Score:
        """Cost and accuracy on all samples."""
        if self.reference is not None:
            return self.reference.measure(self.reference.layers(parameters), samples, classes=classes)
        cost = hits = 0.0
        for start in range(0, len(samples), MEASURED):
            X, Y = samples.X[start : start + MEASURED], samples.Y[start : start + MEASURED]
            values = self.values(parameters, X, Y)
            cost += len(X) * float(values["J"])
            if classes:
                scores = self.steps(values).right_value(self.plan.scores)
                hits += float(np.count_nonzero(scores.argmax(axis=1) == Y.argmax(axis=1)))
        return Score(cost / len(samples), hits / len(samples) if classes else None)

    def step_sizes(self, start: Mapping[str, AnyArray], samples: Samples) -> StepSizeCurve:
        """Finite differences of the cost along a random direction of all parameters, against the gradient."""
        values = self.values(start, samples.X, samples.Y)
        generator = np.random.default_rng(0)
        directions = {name: generator.standard_normal(array.shape).astype(array.dtype) for name, array in start.items()}
        slope = sum(float((values[f"dJ/d{name}"] * directions[name]).sum()) for name in start)

        def line(h: float) -> float:
            moved = {name: array + array.dtype.type(h) * directions[name] for name, array in start.items()}
            return float(self.values(moved, samples.X, samples.Y)["J"])

        return step_size_curve(line, slope)

    def steps(self, values: Mapping[str, AnyArray]) -> WrongSteps:
        """The steps of the gradients, right and wrong, on some values."""
        specs = (self.plan.inputs, self.plan.targets, *self.plan.parameters)
        sizes = {size: n for spec in specs for size, n in zip(spec.shape, values[spec.name].shape, strict=True)}
        return WrongSteps(self.errors, self.plan.task, values, sizes)


@dataclass(slots=True)
class ExerciseLearner:
    """An exercise's gradients, and parameters that every step moves against them.

    Attributes:
        mistake: what is done wrongly; None for right gradients.
    """

    objective: Objective
    parameters: dict[str, AnyArray]
    descent: Descent = field(default_factory=Descent)
    mistake: Variant | None = None
    steps: int = 0

    def learn(self, samples: Samples, batches: Sequence[NDArray[np.intp]], rate: float) -> list[float]:
        """One step for each batch of rows; the cost of each batch before its step."""
        return [self._step(samples.X[rows], samples.Y[rows], rate) for rows in batches]

    def measure(self, samples: Samples, *, classes: bool) -> Score:
        """Cost and accuracy on all samples."""
        return self.objective.measure(self.parameters, samples, classes=classes)

    def _step(self, X: AnyArray, Y: AnyArray, rate: float) -> float:
        values = self.objective.values(self.parameters, X, Y)
        gradients = {name: values[f"dJ/d{name}"] for name in self.parameters}
        if self.mistake is not None:
            gradients |= self._wrong(self.mistake, values)
        self.descent.step(self.parameters, gradients, rate)
        self.steps += 1
        return float(values["J"])

    def _wrong(self, mistake: Variant, values: Mapping[str, AnyArray]) -> dict[str, AnyArray]:
        """The gradients that the mistake makes."""
        run = self.objective.steps(values).run(mistake.changed)
        found = {}
        for name, parameter in self.parameters.items():
            try:
                with np.errstate(all="ignore"):
                    found[name] = np.asarray(run.value(f"dJ/d{name}"))
            except (ValueError, IndexError, TypeError) as error:
                raise self._stopped(f"with this mistake, d{name} cannot be computed: {error}") from error
            if found[name].shape != parameter.shape:
                raise self._stopped(
                    f"with this mistake, d{name} has the shape {found[name].shape}, and {name} {parameter.shape}: "
                    "no step can be taken"
                )
        return found

    def _stopped(self, message: str) -> LearningError:
        return LearningError(Finding("wrong-shape", f"{message}.", Certainty.OBSERVED), self.steps + 1)


def mistake_called(objective: Objective, code: str) -> Variant:
    """The likeliest mistake of that code among those that change most gradients and leave them their shapes.

    Raises:
        UsageError: there is none; the text lists the codes.
    """
    task = objective.plan.task
    names = {output.name for output in task.outputs if output.is_derivative}
    found = [variant for variant in objective.errors.variants if names & set(variant.outputs)]
    meant = [variant for variant in found if variant.code == code]
    if not meant:
        codes = ", ".join(sorted({variant.code for variant in found}))
        raise UsageError(f"{task.name} has no mistake {code!r} in its error model; it has {codes}.")
    return max(meant, key=lambda variant: (_keeps_shapes(objective, variant), len(variant.outputs), variant.prior))


def _keeps_shapes(objective: Objective, mistake: Variant) -> bool:
    """Can parameters be moved by what the mistake makes?"""
    case = objective.plan.case
    values = objective.loaded.values(case, draw(case.specs, case.sizes[0], 0))
    run = objective.steps(values).run(mistake.changed)
    outputs = {output.name: output for output in objective.plan.task.outputs}
    found = {name: run.output(name) for name in mistake.outputs}
    return all(
        array is not None and array.shape == np.shape(outputs[name].form.apply(values[outputs[name].quantity]))
        for name, array in found.items()
    )
