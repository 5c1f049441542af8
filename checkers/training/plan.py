"""What an exercise's arrays are when it is trained: inputs, targets, parameters, and constants with a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import DTypeLike, NDArray

from ..compiled_exercise import ArraySpec, Case, LoadedExercise
from ..errors import UsageError
from ..probes import Domain
from ..tasks import Task
from .dataset import Samples
from .initial import initialiser_called

AnyArray = NDArray[Any]

# What a constant is in training, by its domain, where nobody says otherwise.
CONSTANTS = {Domain.EPSILON: 1e-5, Domain.UNIT: 0.1}
# What exercises call the constant that is the learning rate.
RATES = frozenset(["learning_rate", "rate", "eta"])


@dataclass(frozen=True, slots=True)
class Plan:
    """What the arrays of a case are when it is trained.

    Attributes:
        task: the function that computes the gradients of all parameters, or else their new values.
        inputs, targets: the arrays that get a mini-batch.
        constants: the other arrays that everything is computed from, with their values.
    """

    case: Case
    task: Task
    inputs: ArraySpec
    targets: ArraySpec
    parameters: tuple[ArraySpec, ...]
    constants: Mapping[str, float]

    @property
    def is_update(self) -> bool:
        """Does the task return new values of the parameters, not their gradients?"""
        return is_update(self.task, [spec.name for spec in self.parameters])

    @property
    def moved(self) -> dict[str, str]:
        """Parameter -> the quantity that moves it: its gradient, or its new value."""
        if self.is_update:
            return {output.name: output.quantity for output in self.task.outputs}
        return {spec.name: f"dJ/d{spec.name}" for spec in self.parameters}

    def batch(self, X: AnyArray, Y: AnyArray) -> dict[str, AnyArray]:
        """A mini-batch as the model's arrays."""
        return {self.inputs.name: X, self.targets.name: Y if len(self.targets.shape) > 1 else Y[:, 0]}

    def sizes(self, features: int, outputs: int, hidden: Sequence[int]) -> dict[str, int]:
        """The model's sizes for data of so many features and outputs; the hidden layers' in the order of their weights.

        Raises:
            UsageError: the model has another number of hidden layers.
        """
        if self.depth != len(hidden):
            raise UsageError(f"this model has {self.depth} hidden layers, not {len(hidden)}.")
        known = {self.inputs.shape[1]: features}
        if len(self.targets.shape) > 1:
            known[self.targets.shape[1]] = outputs
        return known | dict(zip(self._hidden_sizes(), hidden, strict=True))

    @property
    def depth(self) -> int:
        """The number of hidden layers."""
        return len(self._hidden_sizes())

    def _hidden_sizes(self) -> list[str]:
        """Sizes of the hidden layers, from the inputs up: a weight leads from its fan-in to its other axis."""
        known = {self.inputs.shape[1], *self.targets.shape[1:]}
        hidden = {size for spec in self.parameters for size in spec.shape if size not in known}
        leads = {
            spec.shape[spec.fan_in]: spec.shape[1 - spec.fan_in]
            for spec in self.parameters
            if spec.fan_in is not None and len(spec.shape) == 2
        }
        ordered, size = [], leads.get(self.inputs.shape[1])
        while size in hidden:
            ordered.append(str(size))
            size = leads.get(size)
        return ordered

    def start(
        self, sizes: Mapping[str, int], initialiser: str, generator: Generator, dtype: DTypeLike = float
    ) -> dict[str, AnyArray]:
        """Parameters before the first step: weights from the initialiser, what is no weight 0."""
        draw = initialiser_called(initialiser)
        found: dict[str, AnyArray] = {}
        for spec in self.parameters:
            shape = tuple(sizes[name] for name in spec.shape)
            if spec.fan_in is None or not shape:
                found[spec.name] = np.zeros(shape, dtype)
                continue
            inputs = shape[spec.fan_in]
            weights = draw(generator, (inputs, int(np.prod(shape)) // inputs))
            rows_first = spec.fan_in == 0
            found[spec.name] = np.ascontiguousarray(weights if rows_first else weights.T).reshape(shape).astype(dtype)
        return found


def plans(loaded: LoadedExercise, constants: Mapping[str, float]) -> list[Plan]:
    """The cases of an exercise that can be trained.

    Args:
        constants: values of the constants, by name; the others have those of `CONSTANTS`, or 1.
    """
    found = (_plan(case, constants) for case in loaded.exercise.cases)
    return [plan for plan in found if plan is not None]


def _plan(case: Case, constants: Mapping[str, float]) -> Plan | None:
    parameters = tuple(spec for spec in case.specs if spec.is_parameter)
    wanted = {f"dJ/d{spec.name}" for spec in parameters}
    tasks = [task for task in case.tasks if wanted and wanted <= {output.quantity for output in task.outputs}]
    tasks = tasks or _whole_steps(case, parameters)
    used = {name for task in tasks for name in task.arrays()}
    data = [spec for spec in case.specs if not spec.is_parameter and spec.shape and spec.name in used]
    inputs = [spec for spec in data if len(spec.shape) == 2 and spec.domain in {Domain.REAL, Domain.WITH_ONES}]
    targets = [spec for spec in data if spec not in inputs]
    if not targets and len(inputs) == 2:
        inputs, targets = inputs[:1], inputs[1:]
    if not tasks or len(inputs) != 1 or len(targets) != 1:
        return None
    # The step of linear regression takes db, which the gradients are computed as.
    computed = {output.name for task in case.tasks for output in task.outputs}
    single = {
        spec.name: spec for spec in case.specs if not spec.shape and not spec.is_parameter and spec.name not in computed
    }
    values = {name: constants.get(name, CONSTANTS.get(spec.domain, 1.0)) for name, spec in single.items()}
    return Plan(case, tasks[0], inputs[0], targets[0], parameters, values)


def _whole_steps(case: Case, parameters: Sequence[ArraySpec]) -> list[Task]:
    """The tasks that move all parameters by a mini-batch; of the cost, which they do not give, the network knows."""
    if case.network is None:
        return []
    names, taken = [spec.name for spec in parameters], {case.network.inputs, case.network.targets}
    return [task for task in case.tasks if is_update(task, names) and taken <= set(task.arrays())]


def is_update(task: Task, parameters: Sequence[str]) -> bool:
    """Does the task return new values of all parameters?"""
    moved = [output.name for output in task.outputs if not output.is_derivative and output.quantity != output.name]
    return sorted(moved) == sorted(parameters)


def inputs_for(domain: Domain, samples: Samples) -> Samples:
    """The samples with the inputs that a model needs: a column of ones behind the others for the bias trick."""
    if domain is not Domain.WITH_ONES:
        return samples
    return Samples(np.hstack([samples.X, np.ones((len(samples), 1), samples.X.dtype)]), samples.Y)


def targets_for(domain: Domain, samples: Samples) -> Samples:
    """The samples with the targets that a loss needs: probabilities of one class, signs, counts.

    One-hot rows become 1 or 0 for an odd or even class, or +1 and -1; numbers are rounded to counts.

    Raises:
        UsageError: the loss needs classes, and there are none, or the reverse.
    """
    one_hot = samples.Y.shape[1] > 1
    odd = (samples.Y.argmax(axis=1) % 2).astype(samples.Y.dtype)[:, None]
    match domain:
        case Domain.ONE_HOT | Domain.PROBABILITIES if one_hot:
            return samples
        case Domain.BINARY if one_hot:
            return Samples(samples.X, odd)
        case Domain.SIGNS if one_hot:
            return Samples(samples.X, 2 * odd - 1)
        case Domain.REAL if not one_hot:
            return samples
        case Domain.COUNTS if not one_hot:
            return Samples(samples.X, samples.Y.round())
    if domain in {Domain.REAL, Domain.COUNTS}:
        raise UsageError(
            "this exercise predicts numbers, and these data have classes: whole numbers are taken for classes. "
            "Try y.astype(float), or --data auto-mpg."
        )
    raise UsageError(
        "this exercise needs two classes or more: whole numbers from 0, one for each sample. Try y.astype(int), or "
        "--data digits."
    )
