"""Computing what a mistake makes of a task's outputs: its wrong steps, and every step downstream of them, run anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .compiled_exercise import ErrorModel, SourceStep
from .tasks import Task

AnyArray = NDArray[Any]


class WrongSteps:
    """An error model on one probe. Right values are computed once; only what a wrong step can reach is run again.

    Args:
        values: the right values of the arrays that everything is computed from, and of any other quantity.
        sizes: such as {"n": 5, "p": 7}.
    """

    def __init__(self, model: ErrorModel, task: Task, values: Mapping[str, AnyArray], sizes: Mapping[str, int]) -> None:
        self.model = model
        self.outputs = {output.name: output for output in task.outputs}
        self.steps = {step.name: step for step in model.right}
        self.right: dict[str, Any] = {**values, **sizes}
        self._upstream: dict[str, frozenset[str]] = {}

    def run(self, changed: Iterable[int]) -> WrongRun:
        """The computation with some wrong steps in it."""
        return WrongRun(self, {self.model.wrong[place].name: self.model.wrong[place] for place in changed})

    def right_value(self, name: str) -> Any:
        """A quantity as it should be."""
        if name not in self.right:
            step = self.steps[name]
            self.right[name] = function_of(step.source)(*map(self.right_value, step.inputs))
        return self.right[name]

    def upstream(self, name: str) -> frozenset[str]:
        """Everything a quantity is computed from, when nothing is wrong."""
        if name not in self._upstream:
            step = self.steps.get(name)
            inputs = step.inputs if step else ()
            self._upstream[name] = frozenset(inputs).union(*map(self.upstream, inputs))
        return self._upstream[name]


class WrongRun:
    """One computation with wrong steps; each quantity is computed when it is first asked for."""

    def __init__(self, setting: WrongSteps, changed: Mapping[str, SourceStep]) -> None:
        self.setting, self.changed = setting, changed
        self._found: dict[str, Any] = {}

    def output(self, name: str) -> AnyArray | None:
        """An output as the student would return it; None where the shapes do not fit, so that NumPy raises."""
        output = self.setting.outputs[name]
        try:
            return output.form.apply(np.asarray(self.value(output.quantity), dtype=float))
        except (ValueError, IndexError, TypeError, ArithmeticError, RecursionError):
            return None

    def value(self, name: str) -> Any:
        """A quantity as it comes out."""
        if name in self._found:
            return self._found[name]
        step = self.changed.get(name)
        if step is None:
            if self.setting.upstream(name).isdisjoint(self.changed):
                return self.setting.right_value(name)
            step = self.setting.steps[name]
        inputs = [self.setting.right_value(other) if other == name else self.value(other) for other in step.inputs]
        self._found[name] = found = function_of(step.source)(*inputs)
        return found


@lru_cache(maxsize=20_000)
def function_of(source: str) -> Callable[..., Any]:
    """The function `step` that a step's source defines; of one that several cases share, the same."""
    namespace: dict[str, Any] = {"np": np}
    exec(compile(source, "<step>", "exec"), namespace)
    function: Callable[..., Any] = namespace["step"]
    return function
