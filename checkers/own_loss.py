"""The derivative of the student's own loss, measured: is a gradient right for the loss that the student wrote?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .returned import sort_out
from .task_check import Caller, Probe, TaskRun, rebound
from .tasks import Form, Task

AnyArray = NDArray[Any]

# Cube root of eps: truncation h^2 balances rounding eps / h, which leaves about 1e-10.
STEP = 6e-6
# Far above that error, far below what any mistake changes.
SAME = 1e-5


def own_gradient(
    runs: Mapping[str, TaskRun], probe: Probe, wrt: str, numerator: str, caller: Caller
) -> tuple[AnyArray, TaskRun] | None:
    """The derivative of the student's loss with respect to an array of the model, and the loss's run.

    Returns:
        None when the student has no function of this loss that depends on the array, alone or through another of the
        student's functions, or when it does not return.
    """
    route = _route(runs, probe, wrt, numerator)
    if route is None:
        return None
    x = np.asarray(probe.values[wrt], dtype=float)
    points = [x + sign * STEP * unit.reshape(x.shape) for unit in np.eye(x.size) for sign in (1.0, -1.0)]
    many: list[dict[str, Any]] = [{**probe.values, wrt: point} for point in points]
    for run, node in route:
        task = _task_at(run, probe)
        results = caller.values_of(run.function.name, rebound(run.binding, task), many)
        if results is None:
            return None
        arrays = [_value(task, node, result) for result in results]
        if any(array is None for array in arrays):
            return None
        many = [{**values, node: array} for values, array in zip(many, arrays, strict=True)]
    values = np.array([float(np.sum(entry[numerator])) for entry in many])
    slopes = (values[0::2] - values[1::2]) / (2 * STEP)
    return slopes.reshape(x.shape), route[-1][0]


def _route(runs: Mapping[str, TaskRun], probe: Probe, wrt: str, numerator: str) -> list[tuple[TaskRun, str]] | None:
    """The student's functions from the array to the loss, each with the node it returns: one, or two in a row."""
    for run in runs.values():
        task = _task_at(run, probe)
        if numerator not in _nodes(task):
            continue
        if wrt in task.arrays():
            return [(run, numerator)]
        for before in runs.values():
            for node in _nodes(_task_at(before, probe)):
                if before is not run and node in task.arrays() and wrt in _task_at(before, probe).arrays():
                    return [(before, node), (run, numerator)]
    return None


def _nodes(task: Task) -> list[str]:
    return [output.quantity for output in task.outputs if not output.is_derivative]


def _task_at(run: TaskRun, probe: Probe) -> Task:
    return next((task for task in probe.case.tasks if task.name == run.task.name), run.task)


def _value(task: Task, node: str, result: Any) -> AnyArray | None:
    """A node from what the student's function returned, laid out as the model has it."""
    output = next(output for output in task.outputs if output.quantity == node)
    array = sort_out(task, result)[output.name].array
    if array is None or not np.all(np.isfinite(array)):
        return None
    return array.T if output.form is Form.TRANSPOSED else array
