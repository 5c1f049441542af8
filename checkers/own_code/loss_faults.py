"""Mistakes in the loss, not in the gradient: which known loss it is, and which change of it the gradient belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checkers.comparison import compare
from checkers.findings import Alternative, Certainty, Finding
from checkers.locate import Locator, Repair
from checkers.returned import Returned
from checkers.student_answers import Outcome
from checkers.task_check import Caller, Judged, Probe, TaskRun, Trial
from checkers.tasks import Argument, Output, Task

from . import harness
from .check import Attempt
from .claims import as_array
from .known_losses import LossForm, identified, is_plain
from .probe import VALUE, MeasuredProbe, binding_of
from .units import Unit

AnyArray = NDArray[Any]

STEP = 1e-4  # of a central difference: good to 1e-8, and few kinks are so near
CLOSE = 1e-5  # of the largest slope
DIRECTIONS = 2
# Of the mistakes that losses have, the one that many edits of a network would hide in the list of those to try.
LIKELIEST = Finding("softmax-twice", "", Certainty.OBSERVED)


def form_of(attempt: Attempt) -> LossForm | None:
    """The known loss that a unit's loss is at every probe."""
    reading = attempt.reading
    if attempt.run is None or reading.loss is None:
        return None
    observations = []
    for trial in attempt.run.trials:
        probe = trial.probe
        if isinstance(probe, MeasuredProbe) and probe.value is not None and probe.value.size == 1:
            number = int(probe.values["case#"])
            if is_plain(reading, number):
                observations.append((float(probe.value.ravel()[0]), probe.values, probe.regularisation))
    try:
        return identified(observations, reading.loss) if observations else None
    except (KeyError, ValueError, TypeError):
        return None  # the inputs are none that a known loss is computed from


@dataclass(frozen=True)
class _SlopeProbe(Probe):
    """A probe whose right values are the student's gradients, and whose outputs are slopes of the loss.

    Attributes:
        directions: for each gradient, the directions along which the loss is measured.
        slopes: the gradients along them.
        claimed: what was returned, which no edit may change.
    """

    directions: Mapping[str, AnyArray] = field(default_factory=dict)
    slopes: Mapping[str, AnyArray] = field(default_factory=dict)
    claimed: Mapping[str, AnyArray] = field(default_factory=dict)
    plain: MeasuredProbe | None = None

    def expected(self, output: Output) -> AnyArray:
        """The gradient along the directions."""
        return self.slopes[output.of]

    def judged(self, value: Any) -> tuple[Judged, ...]:
        """The slopes, compared; nothing where the gradient itself has changed."""
        if not (isinstance(value, (tuple, list)) and len(value) == 2 and isinstance(value[0], dict)):
            return ()
        values, returned = value
        assert self.plain is not None
        found = []
        for output in self.task.outputs:
            objective, claim = values.get(output.of), self.plain.assignment[output.of]
            again, expected = as_array(claim.array_in(returned)), self.slopes[output.of]
            is_same = again is not None and np.array_equal(again, self.claimed[output.of])
            if not isinstance(objective, np.ndarray) or objective.size != 2 * expected.size or not is_same:
                found.append(Judged(output, Returned(problem="changed"), expected, None))
                continue
            ahead, behind = objective.reshape(2, -1)
            with np.errstate(invalid="ignore"):  # a changed loss may be infinite on both sides
                slopes = (ahead - behind) / (2 * STEP)
            slack = CLOSE * max(float(np.abs(expected).max()), 1e-6)
            found.append(Judged(output, Returned(slopes), expected, compare(slopes, expected, slack)))
        return tuple(found)


def repaired_loss(unit: Unit, run: TaskRun, caller: Caller, budget: float) -> Finding | None:
    """The smallest change of the loss that makes the gradient its derivative; None where there is none."""
    slopes = _slopes_run(unit, run, caller)
    if slopes is None or slopes.is_right:
        return None
    locator = Locator(None, {}, caller, budget)  # what is right for the loss as it is says nothing of another one
    locator.watch(slopes, [])
    repair = locator.repair(slopes, [LIKELIEST])
    return _finding(unit, run, repair) if repair is not None and repair.is_complete else None


def _finding(unit: Unit, run: TaskRun, repair: Repair) -> Finding:
    edit = repair.edits[0]
    names = tuple(output.name for output in run.task.outputs if output.name != VALUE)
    line, column, end_line, end_column = edit.place
    return Finding(
        "wrong-loss",
        f"{unit.value_name} is not the loss that the gradient belongs to: with this change of it, "
        f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} right.",
        Certainty.PROVEN,
        "Decide which of the two is meant: the loss or the gradient.",
        outputs=names,
        line=line,
        column=column,
        end_line=end_line,
        end_column=end_column,
        source=edit.source,
        fix=edit.fix,
        fix_relative_error=repair.error,
        alternatives=(Alternative(edit.code, f"In the loss: {edit.was} for {edit.becomes}."),),
    )


def _slopes_run(unit: Unit, run: TaskRun, caller: Caller) -> TaskRun | None:
    trials = [_slopes_trial(run, trial, caller) for trial in run.trials]
    known = [trial for trial in trials if trial is not None]
    if len(known) < len(trials):
        return None
    return TaskRun(known[0].probe.task, replace(run.function, line=unit.line), binding_of(known[0].probe.task), known)


def _slopes_trial(run: TaskRun, trial: Trial, caller: Caller) -> Trial | None:
    plain = trial.probe
    if not isinstance(plain, MeasuredProbe):
        return None
    outputs = tuple(output for output in plain.task.outputs if output.name != VALUE)
    generator = np.random.default_rng(len(outputs))
    directions, slopes, claimed, moved = {}, {}, {}, {}
    for output in outputs:
        point = np.asarray(plain.values[output.of], dtype=float)
        array = as_array(plain.assignment[output.of].array_in(trial.result.value[1]))
        if array is None or array.size != point.size:
            return None
        along = generator.choice([-1.0, 1.0], (DIRECTIONS, *point.shape)) * generator.uniform(0.5, 1.5, point.shape)
        directions[output.of], claimed[output.of] = along, array
        factor = plain.factors.get(output.of, 1.0)
        slopes[output.of] = (along * array.reshape(point.shape)).reshape(DIRECTIONS, -1).sum(axis=1) / factor
        moved[f"{output.of}"] = np.concatenate([point + STEP * along, point - STEP * along])
    task = _task(plain.task, outputs)
    values = plain.values | {f"moved {name}": array for name, array in moved.items()}
    probe = _SlopeProbe(plain.case, task, plain.sizes, values, directions, slopes, claimed, plain)
    result = caller.call(run.function.name, binding_of(task), values)
    return Trial(probe, result, probe.judged(result.value)) if result.outcome is Outcome.VALUE else None


def _task(task: Task, outputs: Sequence[Output]) -> Task:
    _, case, inputs, upstream = task.arguments
    moved = tuple(Argument(output.of, array=f"moved {output.of}") for output in outputs)
    arguments = (
        Argument("part", literal=harness.SLOPES),
        case,
        inputs,
        upstream,
        Argument("_name", literal=""),
        Argument("_moved", members=moved),
    )
    return Task(task.name, arguments, tuple(outputs))
