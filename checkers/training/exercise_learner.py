"""An exercise's own gradients, learning: right, or with one mistake of the error model in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ..compiled_exercise import ErrorModel, LoadedExercise, Variant
from ..errors import UsageError
from ..findings import Certainty, Finding
from ..probes import draw
from ..student.descent import Descent
from ..wrong_steps import WrongSteps
from .dataset import Samples
from .history import LearningError, Score
from .network import Reference
from .plan import RATES, Plan
from .step_sizes import StepSizeCurve, cost_curve

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

    def values(
        self, parameters: Mapping[str, AnyArray], X: AnyArray, Y: AnyArray, rate: float = 1.0
    ) -> dict[str, AnyArray]:
        """All quantities of the model on some samples.

        Args:
            rate: the learning rate, of a model that holds the whole step.
        """
        arrays = {**self.plan.batch(X, Y), **parameters, **self.plan.constants}
        if self.plan.is_update:
            arrays |= {name: rate for name in RATES if name in arrays}
        unused = {name: np.zeros(()) for name in self.plan.case.inputs if name not in arrays}
        return self.loaded.values(self.plan.case, {**unused, **arrays})

    def cost(
        self, parameters: Mapping[str, AnyArray], values: Mapping[str, AnyArray], X: AnyArray, Y: AnyArray
    ) -> float:
        """The mean loss of the samples that the values belong to, the penalty included."""
        if self.reference is not None:
            return self.reference.cost(self.reference.layers(parameters), Samples(X, Y))
        return self._own_cost(values)

    def _own_cost(self, values: Mapping[str, AnyArray]) -> float:
        """The exercise's own cost; where no function of it returns it, by the one whose slope the gradients are."""
        if "J" in values:
            return float(values["J"])
        slope = next(slope for slope in self.plan.case.slopes if slope.quantity in self.plan.moved.values())
        return float(self.loaded.slope_function(slope, values)(values[slope.wrt]))

    def measure(self, parameters: Mapping[str, AnyArray], samples: Samples, *, classes: bool) -> Score:
        """Cost and accuracy on all samples."""
        if self.reference is not None:
            return self.reference.measure(self.reference.layers(parameters), samples, classes=classes)
        cost = hits = 0.0
        for start in range(0, len(samples), MEASURED):
            X, Y = samples.X[start : start + MEASURED], samples.Y[start : start + MEASURED]
            values = self.values(parameters, X, Y)
            cost += len(X) * self._own_cost(values)
            scores = self._scores(values, Y.shape) if classes else None
            if scores is None:
                classes = False
            else:
                hits += float(np.count_nonzero(scores.argmax(axis=1) == Y.argmax(axis=1)))
        return Score(cost / len(samples), hits / len(samples) if classes else None)

    def _scores(self, values: Mapping[str, AnyArray], shape: tuple[int, ...]) -> AnyArray | None:
        """The last quantity that is computed of the inputs without the targets, and has an entry for each of these."""
        steps, inputs, targets = self.steps(values), self.plan.inputs.name, self.plan.targets.name
        for step in reversed(self.errors.right):
            upstream = steps.upstream(step.name)
            if "/" not in step.name and inputs in upstream and targets not in upstream:
                found = np.asarray(steps.right_value(step.name))
                if found.shape == shape:
                    return found
        return None

    def step_sizes(self, start: Mapping[str, AnyArray], samples: Samples) -> StepSizeCurve:
        """Finite differences of the cost along a random direction of all parameters, against the gradient."""
        values = self.values(start, samples.X, samples.Y)

        def cost(moved: list[AnyArray]) -> float:
            return self._own_cost(self.values(dict(zip(start, moved, strict=True)), samples.X, samples.Y))

        return cost_curve(list(start.values()), [values[f"dJ/d{name}"] for name in start], cost)

    def steps(self, values: Mapping[str, AnyArray]) -> WrongSteps:
        """The steps of the gradients, right and wrong, on some values."""
        specs = (self.plan.inputs, self.plan.targets, *self.plan.parameters)
        sizes = {size: n for spec in specs for size, n in zip(spec.shape, values[spec.name].shape, strict=True)}
        return WrongSteps(self.errors, self.plan.task, values, sizes)


@dataclass(slots=True)
class ExerciseLearner:
    """An exercise's gradients, and parameters that every step moves against them; or its whole step, where it has one.

    Attributes:
        mistake: what is done wrongly; None for right gradients.
    """

    at_once: ClassVar[bool] = False

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
        plan = self.objective.plan
        values = self.objective.values(self.parameters, X, Y, rate)
        cost = self.objective.cost(self.parameters, values, X, Y)
        moved = {name: values[quantity] for name, quantity in plan.moved.items()}
        if self.mistake is not None:
            moved |= self._wrong(self.mistake, values)
        for name, value in moved.items():
            if plan.is_update:
                self.descent.take(self.parameters, name, value - self.parameters[name])
            else:
                self.descent.move(self.parameters, name, value, rate)
        self.steps += 1
        return cost

    def _wrong(self, mistake: Variant, values: Mapping[str, AnyArray]) -> dict[str, AnyArray]:
        """The gradients, or the new values, that the mistake makes."""
        plan = self.objective.plan
        run = self.objective.steps(values).run(mistake.changed)
        found = {}
        for name, quantity in plan.moved.items():
            what, shape = f"the new {name}" if plan.is_update else f"d{name}", self.parameters[name].shape
            try:
                with np.errstate(all="ignore"):
                    found[name] = np.asarray(run.value(quantity))
            except (ValueError, IndexError, TypeError) as error:
                raise self._stopped(f"with this mistake, {what} cannot be computed: {error}") from error
            if found[name].shape != shape:
                raise self._stopped(
                    f"with this mistake, {what} has the shape {found[name].shape}, and {name} {shape}: "
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
    moving = set(objective.plan.moved.values())
    names = {output.name for output in task.outputs if output.quantity in moving}
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
