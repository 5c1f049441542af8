"""An exercise's own solution.py against its compiled exercise: if they disagree, the exercise does not build."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from .compiled_exercise import LoadedExercise
from .errors import OracleError
from .oracles import AGREEMENT, difference
from .returned import sort_out
from .task_check import Probe, Probes


def check_solution(loaded: LoadedExercise, path: Path, seed: int = 0) -> None:
    """Run the author's solution in this process and compare every output with the derivation's.

    Raises:
        OracleError: it lacks a function, or an output differs by more than rounding.
    """
    namespace: dict[str, Any] = {"__name__": "solution", "__file__": str(path)}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), namespace)
    probes = Probes(loaded, seed)
    for task in loaded.exercise.tasks:
        function = namespace.get(task.name)
        if function is None:
            raise OracleError(f"{path} has no function {task.name}, which the exercise declares.")
        for probe in probes.of(task.name):
            value = function(*(a.value(probe.values) for a in probe.task.arguments))
            if task.judged_by is not None:
                _check_property(probe, value, loaded, path)
                continue
            returned = sort_out(probe.task, value)
            for output in probe.task.outputs:
                array = returned[output.name].array
                error = float("inf") if array is None else difference(array, np.asarray(probe.expected(output)))
                if not error <= AGREEMENT:
                    raise OracleError(
                        f"{loaded.exercise.id}: derivation and {path.name} disagree on {output.name} of {task.name} "
                        f"by {error:.1e}. Nothing is judged by either."
                    )


def _check_property(probe: Probe, value: Any, loaded: LoadedExercise, path: Path) -> None:
    fault = next((one.fault for one in probe.judged(value) if one.fault is not None), None)
    if fault is not None:
        raise OracleError(
            f"{loaded.exercise.id}: {probe.task.name} of {path.name} is not right: {fault.finding.message}"
        )
