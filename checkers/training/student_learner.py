"""A student's functions, learning in the student's process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ..call_findings import failure
from ..student_answers import CallResult
from ..student_process import StudentProcess
from ..tasks import Form
from .dataset import Samples
from .exercise_learner import Objective
from .history import LearningError, Score
from .student_loop import forms_of

AnyArray = NDArray[Any]

# Bytes of the data that are sent at a time.
PIECE = 8 << 20


@dataclass(slots=True)
class StudentLearner:
    """A student's functions and the parameters that they move, in the student's process.

    Cost and accuracy are measured here, from the parameters, so that no mistake of a cost function hides.

    Attributes:
        student: the process; its module has the functions of `student_loop.loop_source`.
    """

    at_once: ClassVar[bool] = False

    student: StudentProcess
    objective: Objective
    done: int = 0
    _now: dict[str, AnyArray] | None = field(default=None, init=False)

    def send(self, samples: Samples) -> None:
        """Send the data, once.

        Raises:
            LearningError: the process did not take them.
        """
        plan = self.objective.plan
        batch = plan.batch(samples.X, samples.Y)
        for name, array in (("X", batch[plan.inputs.name]), ("Y", batch[plan.targets.name])):
            for result in send(self.student, name, array):
                self._check(result)

    def begin(self, parameters: Mapping[str, AnyArray], momentum: float = 0.0) -> None:
        """Start, or start again, with these parameters.

        Raises:
            LearningError: the process did not take them.
        """
        forms = forms_of(self.objective.plan.task)
        formed = {name: forms.get(name, Form.PLAIN).apply(array) for name, array in parameters.items()}
        self._now = None
        self._call("__gradcheck_begin", formed, momentum)

    def learn(self, samples: Samples, batches: Sequence[NDArray[np.intp]], rate: float) -> list[float]:
        """One step for each batch of rows; what the student's cost function gives before each, nan without one.

        Raises:
            LearningError: a function raises, takes too long, or returns what no parameter can be moved by.
        """
        self._now = None
        ends = np.cumsum([len(rows) for rows in batches])
        costs = self._call("__gradcheck_learn", np.concatenate(batches), ends, rate)
        self.done += len(batches)
        return [float(cost) for cost in np.asarray(costs, dtype=float).reshape(-1)]

    def measure(self, samples: Samples, *, classes: bool) -> Score:
        """Cost and accuracy on all samples, by the exercise's own functions."""
        return self.objective.measure(self.parameters(), samples, classes=classes)

    def parameters(self) -> dict[str, AnyArray]:
        """The parameters as they are now, as arrays of the model; fetched once between two steps."""
        if self._now is None:
            plan = self.objective.plan
            forms = forms_of(plan.task)
            found = self._call("__gradcheck_parameters")
            self._now = {one.name: _plain(found[one.name], forms.get(one.name, Form.PLAIN)) for one in plan.parameters}
        return self._now

    def _call(self, name: str, *arguments: Any) -> Any:
        return self._check(self.student.call(name, arguments)).value

    def _check(self, result: CallResult) -> CallResult:
        finding = failure(result, "a training step", self.student.timeout)
        if finding is not None:
            steps = self.student.call("__gradcheck_steps").value if self.student.alive else None
            raise LearningError(finding, 1 + (steps if isinstance(steps, int) else self.done))
        return result


def send(student: StudentProcess, name: str, array: AnyArray) -> list[CallResult]:
    """Send the rows of an array, some at a time."""
    rows = max(1, PIECE // max(1, array[:1].nbytes))
    pieces = [[name, np.ascontiguousarray(array[at : at + rows])] for at in range(0, len(array), rows)]
    return list(student.call_many("__gradcheck_take", pieces))


def _plain(array: AnyArray, form: Form) -> AnyArray:
    """The model's array from the one that the student's functions take."""
    match form:
        case Form.TRANSPOSED:
            return array.T
        case Form.COLUMN:
            return array.reshape(-1)
    return array
