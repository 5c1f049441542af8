"""Checking one unit: find the reading that runs, measure, judge, and say what is wrong and where."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checkers.student_answers import CallResult, FunctionInfo, Outcome
from checkers.task_check import Caller, TaskRun, Trial
from checkers.tasks import Output

from . import harness
from .broadcast import MEETS_ALL, compares_all
from .claims import MISSING, Claim, as_array, assignments, count_of_arrays, squeezed
from .epsilons import with_smaller_epsilons
from .inputs import Input, Kind
from .measure import STILL, Measured, Values, measured, slopes
from .probe import VALUE, MeasuredProbe, binding_of, empty_case, task_of
from .units import Allowance, Nature, Reading, Unit

AnyArray = NDArray[Any]

MOST_ENTRIES = 160  # of one array that are measured one by one
MOST_NUMBERS = 200_000  # that one call of a measurement sends: of large arrays fewer entries are measured
PATIENT = 0.4  # seconds of the student's function that measuring one array may take
LONGEST = 1.0  # seconds of one call that measures
CALLS = 6  # of one entry, at least
FAILED_READINGS = 40  # that may fail before a unit is given up
LAYOUTS_MORE = 6  # that are tried after one that is right but for axes of length 1
GLANCE = 1e-5  # as far off a slope may be at a glance, as a part of what it is summed from
# As far off a right gradient may be for an epsilon in a logarithm, 1e-7 beside a probability of 1e-5: at a glance, and
# where one of 1e-5 makes most of a probability.
NEARLY_AT_A_GLANCE, NEARLY = 1e-2, 0.5
MISSING_NAMES = ("NameError", "ImportError", "ModuleNotFoundError", "UnboundLocalError")
RIGHT_ENOUGH = 12  # readings that run but are not right, of which the best is reported
USUAL = ("sigmoid", "softmax")  # what is lent where a file imports it from a module that is not here


@dataclass(slots=True)
class Attempt:
    """A reading that was tried.

    Attributes:
        run: its trials; None where it did not get so far.
        failed: what the call that failed gave, and which part it was.
        failed_at: the sizes of that call.
        leftover: how many arrays came back that were taken for no gradient.
        why_not: the reason why it says nothing of the gradient, where it ran.
    """

    reading: Reading
    name: str
    run: TaskRun | None = None
    failed: tuple[str, CallResult] | None = None
    failed_at: Mapping[str, int] = field(default_factory=dict)
    leftover: int = 0
    convention: Allowance | None = None
    values: tuple[Any, ...] = ()
    why_not: str = ""

    @property
    def is_right(self) -> bool:
        """Is everything right?"""
        return self.run is not None and self.run.is_right and self.is_measured

    @property
    def is_nearly_right(self) -> bool:
        """Is something wrong, and all of it by little?"""
        judged = [one for trial in (self.run.trials if self.run is not None else ()) for one in trial.judged]
        return not self.is_right and all(
            one.comparison is not None and one.comparison.relative_error <= NEARLY for one in judged
        )

    @property
    def is_measured(self) -> bool:
        """Was something measured of every derivative, so that right means anything?"""
        trials = self.run.trials if self.run is not None else []
        return all(not isinstance(trial.probe, MeasuredProbe) or trial.probe.is_measured for trial in trials)

    @property
    def is_idle(self) -> bool:
        """Are all derivatives 0, as those of a softmax of one class, so that right says little?"""
        trials = self.run.trials if self.run is not None else []
        probes = [trial.probe for trial in trials if isinstance(trial.probe, MeasuredProbe)]
        return all(found.largest <= STILL for probe in probes for found in probe.measured.values())

    @property
    def is_telling(self) -> bool:
        """Is every gradient of the right shape, and some gradient right, so that the layout is no chance?"""
        return self.share > 0 and not self.leftover and self.fits

    @property
    def fits(self) -> bool:
        """Could every gradient be compared: has it the right shape, up to axes of length 1?"""
        return self.run is not None and all(
            one.comparison is not None for trial in self.run.trials for one in trial.judged
        )

    @property
    def is_exact(self) -> bool:
        """Has every gradient the very shape of its input?"""
        return self.fits and not any(
            one.is_reshaped and one.output.name != VALUE
            for trial in (self.run.trials if self.run is not None else ())
            for one in trial.judged
        )

    @property
    def was_stopped(self) -> bool:
        """Did a call not end by itself?"""
        return self.failed is not None and self.failed[1].outcome in {Outcome.TIMED_OUT, Outcome.DIED}

    @property
    def share(self) -> float:
        """The part of its gradients that is right at every trial."""
        if self.run is None or not self.run.task.outputs:
            return -1.0
        outputs = [output.name for output in self.run.task.outputs if output.name != VALUE]
        right = [name for name in outputs if all(getattr(t.of(name), "is_right", False) for t in self.run.trials)]
        return len(right) / len(outputs)


class Trier:
    """Tries the readings of units in the student's process.

    Args:
        epsilons: the names of the student's functions that have an epsilon in a logarithm.
        imported: names that the file imports from modules, "*" for all.
    """

    def __init__(
        self, caller: Caller, seed: int, *, epsilons: tuple[str, ...] = (), imported: frozenset[str] = frozenset()
    ) -> None:
        self.caller, self.seed, self.epsilons, self.imported = caller, seed, epsilons, imported
        self._number = 0

    def best(self, unit: Unit) -> Attempt | None:
        """The first reading that is right; else the one that is right in most; else one that failed.

        Of two that are as right, the one in which the shapes fit: it is how the student's arrays are laid out.
        """
        ran: list[Attempt] = []
        failed: list[Attempt] = []
        idle: Attempt | None = None
        mixed: Attempt | None = None
        for place, reading in enumerate(unit.readings):
            if reading.is_last_resort and (ran or mixed):
                continue
            attempt = self._tried_with_usual(unit, reading, max(ran, key=_closeness, default=None))
            if attempt is None:
                continue
            attempt = self._without_epsilons(unit, attempt)
            # In a chance layout what is wrong may have the shape of nothing.
            is_sure = not attempt.leftover or not (
                attempt.reading.is_guess or (unit.is_declared and not unit.names_gradients)
            )
            if attempt.is_right and is_sure and attempt.is_idle:
                idle = idle or attempt
                continue
            if attempt.is_right and is_sure:
                return attempt if attempt.is_exact else self._exact(unit, place, attempt)
            if attempt.was_stopped:
                return attempt  # nothing is known of this reading, so another one that is wrong would prove nothing
            if unit.nature is Nature.LOSS and not unit.is_declared and compares_all(attempt, self.caller):
                mixed = Attempt(reading, attempt.name, why_not=MEETS_ALL)
                continue
            (failed if attempt.run is None or not attempt.is_measured else ran).append(attempt)
            if len(ran) >= RIGHT_ENOUGH or len(failed) >= FAILED_READINGS:
                break
        sure = [attempt for attempt in ran if not attempt.reading.is_guess or attempt.is_telling]
        if sure:
            return max(sure, key=_closeness)
        if idle is not None or mixed is not None:
            return idle or mixed
        found = max(failed, key=_tells, default=None)
        return Attempt(ran[0].reading, ran[0].name) if found is None and ran and unit.is_declared else found

    def _without_epsilons(self, unit: Unit, attempt: Attempt) -> Attempt:
        """The attempt; where only an epsilon in a logarithm keeps it from being right, the one in which it is tiny."""
        if not self.epsilons or attempt.run is None or not attempt.is_nearly_right:
            return attempt
        other = self._tried(unit, with_smaller_epsilons(attempt.reading, self.epsilons))
        return other if other is not None and other.is_right else attempt

    def _tried_with_usual(self, unit: Unit, reading: Reading, known: Attempt | None) -> Attempt | None:
        """One reading; again where a function is missing that every course has and the file imports from elsewhere."""
        first = attempt = self._tried(unit, reading, known)
        while attempt is not None and (name := _missing(attempt)) in USUAL and {name, "*"} & self.imported:
            if name in reading.usual:
                break
            said = f"{name} is imported from a module that is not here: the usual one was taken"
            assumed = (*reading.assumed, said)
            reading = replace(reading, usual=(*reading.usual, name), assumed=assumed, is_guess=True)
            attempt = self._tried(unit, reading, known)
        has_failed = attempt is not None and attempt.run is None
        return first if has_failed else attempt  # the name that is missing is the reason, not what else does not fit

    def _exact(self, unit: Unit, place: int, right: Attempt) -> Attempt:
        """One of the next layouts, where every gradient has the very shape of its input there; else what is right."""
        own = right.reading
        alike = [
            reading
            for reading in unit.readings[place + 1 :]
            if (reading.assumed, reading.is_guess) == (own.assumed, own.is_guess) and not reading.parameters
        ]  # an object has its parameters in one shape
        for reading in alike[:LAYOUTS_MORE]:
            other = self._tried(unit, reading, right)
            if other is not None and other.is_right and other.is_exact and other.leftover <= right.leftover:
                return other
        return right

    def _tried(self, unit: Unit, reading: Reading, known: Attempt | None = None) -> Attempt | None:
        """One reading; None where a glance shows that it is no better than the one that is known."""
        self._number += 1
        name = harness.name_of(self._number)
        attempt = Attempt(reading, name)
        self.caller.revive()
        self.caller.student.define(harness.source(reading, name))
        probes: list[tuple[Any, Mapping[str, int], _Bench, _Drawn]] = []
        for place, case in enumerate(reading.cases):
            for sizes in case.sizes:
                bench = _Bench(self.caller, name, place, unit, reading, sizes)
                drawn = bench.drawn(self.seed)
                if isinstance(drawn, tuple):
                    if case.is_optional and drawn[0] == harness.VALUE:
                        break
                    attempt.failed, attempt.failed_at = drawn, sizes
                    return attempt
                if probes and reading.parameters and not set(probes[0][3].wrt) <= set(drawn.wrt):
                    break  # an object of fewer layers cannot be compared
                probes.append((case, sizes, bench, drawn))
        found = self._assigned(unit, reading, probes[0][3])
        if not found:
            attempt.failed, attempt.failed_at = (harness.GRADIENT, probes[0][3].result), probes[0][1]
            return attempt
        if known is not None:
            bench, drawn = probes[0][2:]
            spare = NEARLY_AT_A_GLANCE if self.epsilons else GLANCE
            glances = [
                bench.glance(
                    drawn, assignment, {} if one is None else _factors(one, assignment, drawn), self.seed, spare
                )
                for assignment in found
                for one in (None, *reading.allowances)
            ]
            if max(glances)[0] < 1 and max(glances) <= _closeness(known):
                return None
        best: Attempt | None = None
        for assignment in found:
            for convention in (None, *reading.allowances):
                one = replace_attempt(attempt, self._judged(unit, name, probes, assignment, convention), convention)
                one.leftover = count_of_arrays(probes[0][3].returned) - len(assignment)
                if one.is_right:
                    return one
                if best is None or one.share > best.share:
                    best = one
        return best or attempt

    def _assigned(self, unit: Unit, reading: Reading, drawn: _Drawn) -> list[dict[str, Claim]]:
        wrt = {name: np.shape(drawn.values[name]) for name in drawn.wrt}
        found = assignments(drawn.returned, unit.returned, wrt, reading.wrt)
        if not (unit.is_declared and unit.names_gradients):
            return found
        return [one | {of: MISSING for of in reading.wrt if of not in one} for one in found or [{}]]

    def _judged(
        self,
        unit: Unit,
        name: str,
        probes: Sequence[tuple[Any, Mapping[str, int], _Bench, _Drawn]],
        assignment: Mapping[str, Claim],
        convention: Allowance | None,
    ) -> TaskRun:
        outputs = _with_distinct_names(
            [
                Output(claim.label if _is_name(claim.label) else f"d{of}", f"dJ/d{of}")
                for of, claim in assignment.items()
            ]
        )
        function = FunctionInfo(name, None, unit.line)
        trials = []
        for case, _, bench, drawn in probes:
            values = {**drawn.values, "case#": np.array(bench.case_number), "upstream#": drawn.upstream}
            task = task_of(unit.name, tuple(drawn.values), (*outputs, Output(VALUE, VALUE)), True)
            slopes = {of: bench.measured(drawn, of, self.seed) for of in assignment}
            factors = {} if convention is None else _factors(convention, assignment, drawn)
            model_case = empty_case(case.label, case.sizes)
            probe = MeasuredProbe(
                model_case, task, drawn.sizes, values, slopes, assignment, factors, drawn.value, case.regularisation
            )
            trials.append(Trial(probe, drawn.result, probe.judged(drawn.result.value)))
        task = trials[0].probe.task
        return TaskRun(task, function, binding_of(task), trials)


def replace_attempt(attempt: Attempt, run: TaskRun, convention: Allowance | None) -> Attempt:
    """The attempt with its run."""
    return Attempt(attempt.reading, attempt.name, run, convention=convention)


def _missing(attempt: Attempt) -> str:
    """The name that is not defined, where that is why a call failed."""
    error = attempt.failed[1].error if attempt.failed is not None else None
    if error is None or error.builtin != "NameError":
        return ""
    match = re.match(r"name '(\w+)' is not defined", error.message)
    return match[1] if match is not None else ""


def _tells(attempt: Attempt) -> int:
    """How much a failure says: most in the gradient itself; a name that is missing is so in every layout."""
    part, result = attempt.failed or ("", None)
    if part == harness.GRADIENT:
        return 2
    return int(result is not None and result.error is not None and result.error.builtin in MISSING_NAMES)


def _closeness(attempt: Attempt) -> tuple[float, bool]:
    """The part that is right; whether all shapes fit."""
    return attempt.share, attempt.fits


def _is_name(label: str) -> bool:
    """Is it what a person would call a gradient: dW, grads['W1'], not an expression?"""
    return re.fullmatch(r"[A-Za-z_]\w*([.\[][\w'\".\[\]]*)?", label) is not None


def _with_distinct_names(outputs: Sequence[Output]) -> tuple[Output, ...]:
    """Outputs of one name are told apart by what they are gradients with respect to."""
    names = [output.name for output in outputs]
    return tuple(
        output if names.count(output.name) == 1 and output.name != VALUE else replace(output, name=f"d{output.of}")
        for output in outputs
    )


def _factors(convention: Allowance, assignment: Mapping[str, Claim], drawn: _Drawn) -> dict[str, float]:
    return {of: float(drawn.sizes[convention.size]) ** convention.power for of in assignment if convention.covers(of)}


@dataclass(slots=True)
class _Drawn:
    """What went in, and what came out.

    Attributes:
        wrt: the inputs that there may be gradients for.
    """

    values: Values
    sizes: Mapping[str, int]
    wrt: tuple[str, ...]
    value: AnyArray
    upstream: AnyArray
    returned: Any
    result: CallResult
    slopes: dict[str, Measured] = field(default_factory=dict)
    glances: dict[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Bench:
    """A reading in one case at one set of sizes."""

    caller: Caller
    name: str
    case_number: int
    unit: Unit
    reading: Reading
    sizes: Mapping[str, int]

    def drawn(self, seed: int) -> _Drawn | tuple[str, CallResult]:
        """Random inputs with which both parts run; else the part that failed, and how."""
        case = self.reading.cases[self.case_number]
        samples = self.sizes.get("n", next(iter(self.sizes.values()), 0))
        generator = np.random.default_rng([seed, samples])  # cases of the same inputs share them
        values: Values = {one.name: one.draw(self.sizes, generator) for one in case.inputs}
        wrt = tuple(one.name for one in case.inputs if one.kind.is_smooth)
        if self.reading.parameters:
            found = self._call(harness.PARAMETERS, values)
            if found.outcome is not Outcome.VALUE or not isinstance(found.value, dict):
                return harness.PARAMETERS, found
            further = {name: _drawn_like(array, generator) for name, array in found.value.items()}
            values |= further
            wrt = (*wrt, *(name for name, array in found.value.items() if _is_smooth(array)))
        if self.reading.wrt:
            wrt = self.reading.wrt
        result = self._call(harness.VALUE, values)
        value = as_array(result.value) if result.outcome is Outcome.VALUE else None
        if value is None or not value.size or not np.all(np.isfinite(value)):
            return harness.VALUE, result
        if self.unit.nature is Nature.LOSS and value.size != 1:
            return harness.VALUE, result
        upstream = (
            np.ones(value.shape) if self.unit.nature is not Nature.LAYER else generator.standard_normal(value.shape)
        )
        both = self._call(harness.GRADIENT, values, upstream)
        if both.outcome is not Outcome.VALUE or not isinstance(both.value, tuple) or len(both.value) != 2:
            return harness.GRADIENT, both
        if both.value[1] is None:
            return harness.GRADIENT, both
        return _Drawn(values, self.sizes, wrt, np.asarray(value, dtype=float), upstream, both.value[1], both)

    def measured(self, drawn: _Drawn, of: str, seed: int) -> Measured:
        """The derivatives with respect to one input: of the same entries in all cases of the same sizes."""
        if of not in drawn.slopes:
            affordable = PATIENT / max(drawn.result.cpu_seconds or 0.0, 1e-5) / CALLS
            size = np.asarray(drawn.values[of]).size
            most = int(np.clip(affordable, 8, max(MOST_ENTRIES // 8, min(MOST_ENTRIES, MOST_NUMBERS // max(size, 1)))))
            generator = np.random.default_rng([seed, len(of), *drawn.sizes.values()])
            drawn.slopes[of] = measured(
                lambda moved: self._objective(drawn, of, moved), drawn.values[of], most, generator
            )
        return drawn.slopes[of]

    def glance(
        self, drawn: _Drawn, assignment: Mapping[str, Claim], factors: Mapping[str, float], seed: int, spare: float
    ) -> tuple[float, bool]:
        """The part of the gradients that agrees with the slope along one direction: far cheaper than every entry.

        The other is whether all shapes fit.

        Args:
            spare: as far off a slope may be, as a part of what it is summed from.
        """
        right, fits = 0, True
        for of, claim in assignment.items():
            array, point = as_array(claim.array_in(drawn.returned)), np.asarray(drawn.values[of], dtype=float)
            fits = fits and array is not None and squeezed(array.shape) == squeezed(point.shape)
            if array is None or array.size != point.size:
                continue
            direction = np.random.default_rng([seed, len(of)]).uniform(0.5, 1.5, point.shape)
            slope, error = self._slope(drawn, of, direction)
            terms = array.reshape(point.shape) * direction * factors.get(of, 1.0) ** -1
            right += bool(abs(terms.sum() - slope) <= 10 * error + spare * (np.abs(terms).sum() + abs(slope)))
        return right / len(assignment), fits

    def _slope(self, drawn: _Drawn, of: str, direction: AnyArray) -> tuple[float, float]:
        if of not in drawn.glances:
            point = np.asarray(drawn.values[of], dtype=float)
            value, error, _ = slopes(lambda moved: self._objective(drawn, of, moved), point, direction[None])
            drawn.glances[of] = float(value[0]), float(error[0])
        return drawn.glances[of]

    def _objective(self, drawn: _Drawn, of: str, moved: AnyArray) -> AnyArray:
        """The objective at many values of one input, in calls that each take a fraction of a second."""
        seconds = max(drawn.result.cpu_seconds or 0.0, 1e-5)
        at_once = max(1, int(LONGEST / seconds))
        found = np.full(len(moved), np.nan)
        for start in range(0, len(moved), at_once):
            some = moved[start : start + at_once]
            self.caller.revive()
            arguments = [harness.OBJECTIVE, self.case_number, drawn.values, drawn.upstream, of, some]
            result = self.caller.student.call(self.name, arguments, timeout=self.caller.timeout)
            if result.outcome is not Outcome.VALUE or not isinstance(result.value, np.ndarray):
                break
            found[start : start + len(some)] = result.value
        return found

    def _call(self, part: str, values: Values, upstream: AnyArray | None = None) -> CallResult:
        self.caller.revive()
        return self.caller.student.call(
            self.name, [part, self.case_number, values, upstream], timeout=self.caller.timeout
        )


def _is_smooth(array: Any) -> bool:
    return not isinstance(array, dict) or Kind(array["kind"]).is_smooth


def _drawn_like(array: Any, generator: np.random.Generator) -> AnyArray:
    """An array of the same shape; or what a dict {kind, shape, classes, axis} asks for."""
    if isinstance(array, dict):
        asked = Input("", tuple(array["shape"]), Kind(array["kind"]), array["classes"], array["axis"])
        return asked.draw({}, generator)
    shape = np.shape(array)
    if not shape:
        return np.asarray(generator.standard_normal())
    return np.asarray(Input("", shape).draw({}, generator) / np.sqrt(max(shape) if len(shape) > 1 else 1.0))
