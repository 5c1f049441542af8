"""Layers whose derivation is known: a mistake in one is named by the step of the derivation that was done wrongly.

The student's forward must give what the derivation's does; then the same error model speaks of it as of an exercise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from checkers.compiled_exercise import LoadedExercise
from checkers.diagnosis import diagnose
from checkers.findings import Finding
from checkers.returned import Returned
from checkers.student_answers import Outcome
from checkers.task_check import Caller, Probe, Probes, TaskRun, Trial, judge

from . import harness
from .claims import as_array
from .probe import MeasuredProbe, binding_of
from .roles import Role, role_of
from .units import Nature, Unit

# How layers are called that an exercise derives.
_EXERCISES: Mapping[str, str] = {
    r"batch_?norm|(^|_)bn_": "batch-normalisation",
    r"layer_?norm|(^|_)ln_": "layer-normalisation",
    r"conv": "convolution",
}
UPSTREAM = "dout"
SAME = 1e-9


def exercise_of(unit: Unit) -> str | None:
    """The exercise that derives a layer, by the layer's name."""
    name = unit.name.lower()
    if unit.nature is not Nature.LAYER:
        return None
    return next((exercise for pattern, exercise in _EXERCISES.items() if re.search(pattern, name)), None)


@dataclass(frozen=True, slots=True)
class Derived:
    """What a derivation says of a wrong layer.

    Attributes:
        steps: the derivation's steps that the findings point to, as text.
    """

    findings: tuple[Finding, ...] = ()
    steps: tuple[tuple[str, str], ...] = ()


def derived(run: TaskRun, exercise: LoadedExercise, caller: Caller, seed: int) -> Derived:
    """The findings of a derivation; none where the student's forward is another one, or where it cannot name them."""
    plain = run.trials[0].probe
    task = next((one for one in exercise.exercise.tasks if UPSTREAM in one.arrays()), None)
    if task is None or not isinstance(plain, MeasuredProbe):
        return Derived()
    inputs = [name for name in plain.values if not name.endswith("#")]
    names = _own_names([name for name in task.arrays() if name != UPSTREAM], inputs)
    probes = Probes(exercise, seed)
    trials = [_trial(run, plain, probe, names, caller) for probe in probes.of(task.name)]
    known = [trial for trial in trials if trial is not None]
    if not names or len(known) < len(trials):
        return Derived()
    findings = diagnose(TaskRun(task, run.function, binding_of(task), known), exercise)
    if not findings or any(finding.code == "unknown" for finding in findings):
        return Derived()
    own = {output.of: output.name for output in run.task.outputs}
    outputs = {output.name: own[names[output.of]] for output in task.outputs if names.get(output.of) in own}
    steps = dict(known[0].probe.case.steps)
    return Derived(
        tuple(_renamed(finding, outputs) for finding in findings),
        tuple((f.step, steps[f.step]) for f in findings if f.step is not None and f.step in steps),
    )


def _own_names(wanted: Sequence[str], inputs: Sequence[str]) -> dict[str, str]:
    """The derivation's arrays -> the student's, by what they are for; {} where one is not to be told."""
    found: dict[str, str] = {}
    for name in wanted:
        role = role_of(name)
        alike = [one for one in inputs if role_of(one) is role or (role is Role.DATA and role_of(one) is Role.UNKNOWN)]
        if len(alike) != 1:
            return {}
        found[name] = alike[0]
    return found


def _trial(run: TaskRun, plain: MeasuredProbe, probe: Probe, names: Mapping[str, str], caller: Caller) -> Trial | None:
    """One probe of the derivation given to the student's layer; None where its forward gives something else."""
    values: dict[str, Any] = {own: probe.values[name] for name, own in names.items()}
    upstream = probe.values[UPSTREAM]
    caller.revive()
    result = caller.student.call(run.function.name, [harness.GRADIENT, 0, values, upstream], timeout=caller.timeout)
    if result.outcome is not Outcome.VALUE or not isinstance(result.value, tuple):
        return None
    value, returned = result.value
    array, expected = as_array(value), probe.values.get("out")
    if array is None or expected is None or array.shape != expected.shape:
        return None
    if not np.allclose(array, expected, rtol=SAME, atol=SAME):
        return None
    judged = []
    for output in probe.task.outputs:
        claim = plain.assignment.get(names.get(output.of, ""))
        item = as_array(claim.array_in(returned)) if claim is not None else None
        judged.append(judge(output, Returned(item, None if item is not None else "is missing"), probe.expected(output)))
    return Trial(probe, result, tuple(judged))


def _renamed(finding: Finding, outputs: Mapping[str, str]) -> Finding:
    """A finding with the student's own names of the gradients."""
    named = tuple(outputs.get(name, name) for name in finding.outputs)
    message = finding.message
    for name, own in outputs.items():
        message = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", own, message)
    return replace(finding, outputs=named, message=message)
