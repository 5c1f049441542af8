"""A student's own training loop, an epoch at a time, in the student's process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ..binding import Binding
from ..call_findings import failure
from ..properties.layers import Parameters, read
from ..properties.property import Fault
from ..properties.recorded import recorded
from ..student_answers import CallResult
from ..student_process import StudentProcess
from .dataset import Dataset, Samples
from .history import LearningError, Score
from .network import Reference
from .reference_learner import Layers
from .student_learner import send

AnyArray = NDArray[Any]

SETS = ("X", "Y", "X_test", "Y_test")


def whole_run_source(function: str, binding: Binding) -> str:
    """Source that calls a student's `train_model` for one epoch, on data that are sent once.

    Args:
        binding: the order of its arguments.
    """
    names = [argument.name for argument in binding.positional]
    keywords = [f"{keyword}={argument.name}" for keyword, argument in binding.keywords]
    return f"""
from _gradcheck_student.training import Rows as __gradcheck_Rows
__gradcheck_rows = __gradcheck_Rows()
__gradcheck_take = __gradcheck_rows.take
def __gradcheck_epoch(parameters, learning_rate, batch_size, seed):
    data = __gradcheck_rows.whole()
    {", ".join(SETS)} = (data[name].copy() for name in {SETS})
    epochs = 1
    return {function}({", ".join([*names, *keywords])})
"""


@dataclass(slots=True)
class WholeRunLearner:
    """A student's `train_model` and the parameters that it has reached.

    It forms mini-batches of its own, of the size of those that it is given. Cost and accuracy are measured here, from
    the parameters.

    Attributes:
        student: the process; its module has the functions of `whole_run_source`.
        sizes: of the layers, inputs first.
        seed: of the first epoch; each has one of its own.
        epochs, steps: how many there have been.
    """

    student: StudentProcess
    reference: Reference
    sizes: tuple[int, ...]
    layers: Layers
    seed: int
    epochs: int = 0
    steps: int = 0

    at_once: ClassVar[bool] = True

    def send(self, data: Dataset) -> None:
        """Send the data, once.

        Raises:
            LearningError: the process did not take them.
        """
        for name, array in zip(SETS, (data.train.X, data.train.Y, data.test.X, data.test.Y), strict=True):
            for result in send(self.student, name, array):
                self._check(result)

    def learn(self, samples: Samples, batches: Sequence[NDArray[np.intp]], rate: float) -> list[float]:
        """One epoch; what its mini-batches cost is not known.

        Raises:
            LearningError: the function raises, takes too long, or returns no parameters.
        """
        before = Parameters(self.layers.weights, [bias for bias in self.layers.biases if bias is not None])
        arguments = [before.arrays(), rate, len(batches[0]), self.seed + self.epochs]
        result = self._check(self.student.call("__gradcheck_epoch", arguments))
        returned, _ = recorded(result.value)
        parameters = read(returned, self.sizes)
        if isinstance(parameters, Fault):
            raise LearningError(parameters.finding, self.steps + 1)
        dtype = self.layers.weights[0].dtype
        self.layers = Layers(
            [W.astype(dtype) for W in parameters.weights], [b.astype(dtype) for b in parameters.biases]
        )
        self.epochs, self.steps = self.epochs + 1, self.steps + len(batches)
        return [np.nan] * len(batches)

    def measure(self, samples: Samples, *, classes: bool) -> Score:
        """Cost and accuracy on all samples, by the reference network."""
        return self.reference.measure(self.layers, samples, classes=classes)

    def _check(self, result: CallResult) -> CallResult:
        finding = failure(result, "train_model", self.student.timeout)
        if finding is not None:
            raise LearningError(finding, self.steps + 1)
        return result
