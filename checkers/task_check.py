"""Running one function of a student's file on the probes of every case, and comparing what it returns."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from . import oracles
from .binding import Binding, bindings
from .call_findings import failure
from .comparison import Comparison, compare
from .compiled_exercise import Case, LoadedExercise
from .returned import Returned, sort_out
from .student_answers import CallResult, FunctionInfo, Outcome
from .student_process import StudentProcess
from .tasks import Output, Task

if TYPE_CHECKING:
    from .properties.property import Fault, Property, Question

AnyArray = NDArray[Any]

# In the place of what is expected of an output that a property judges.
NOTHING = np.zeros(0)


@dataclass(frozen=True, slots=True)
class Probe:
    """One case at one set of sizes, with the right values of everything; or what a property is judged on."""

    case: Case
    task: Task
    sizes: Mapping[str, int]
    values: dict[str, AnyArray]
    question: Question | None = field(default=None, kw_only=True)

    def expected(self, output: Output) -> AnyArray:
        """The right value of an output, laid out as the student is to return it."""
        return np.asarray(output.form.apply(self.values[output.quantity]), dtype=float)

    def judged(self, value: Any) -> tuple[Judged, ...]:
        """Every output of the task, compared with the right value; or what does not hold of it."""
        if self.question is not None:
            faults = self.question.faults(value)
            return tuple(_judged_by_property(output, faults.get(output.name)) for output in self.task.outputs)
        returned = sort_out(self.task, value)
        return tuple(judge(output, returned[output.name], self.expected(output)) for output in self.task.outputs)


@dataclass(frozen=True, slots=True)
class Judged:
    """One output of one call.

    Attributes:
        comparison: entry by entry, where the shape is right or close enough.
        shape: the shape it has; None where it is no array.
        is_reshaped: its values were compared in the declared shape, as (n, 1) for (n,).
        fault: of an output that a property judges: what does not hold.
    """

    output: Output
    returned: Returned
    expected: AnyArray
    comparison: Comparison | None
    is_reshaped: bool = False
    fault: Fault | None = None

    @property
    def shape(self) -> tuple[int, ...] | None:
        """The shape it came in."""
        return None if self.returned.array is None else self.returned.array.shape

    @property
    def is_right(self) -> bool:
        """Is it right, up to rounding and to an axis of length 1?"""
        if self.expected is NOTHING:
            return self.fault is None or self.fault.is_open
        return self.comparison is not None and self.comparison.is_right


@dataclass(frozen=True, slots=True)
class Trial:
    """One probe's call and its outcome."""

    probe: Probe
    result: CallResult
    judged: tuple[Judged, ...] = ()

    @property
    def failed(self) -> bool:
        """Did the call not return?"""
        return not self.judged

    @property
    def is_right(self) -> bool:
        """Did it return, and is every output right?"""
        return bool(self.judged) and all(one.is_right for one in self.judged)

    def of(self, name: str) -> Judged | None:
        """The output called `name`."""
        return next((one for one in self.judged if one.output.name == name), None)

    @property
    def arrays(self) -> dict[str, AnyArray]:
        """The outputs that are arrays, in the declared shape where they are reshaped."""
        found = {}
        for one in self.judged:
            array = one.comparison.yours if one.comparison is not None else one.returned.array
            if array is not None:
                found[one.output.name] = array
        return found


@dataclass(slots=True)
class TaskRun:
    """All trials of one task with the order of arguments that was chosen."""

    task: Task
    function: FunctionInfo
    binding: Binding
    trials: list[Trial] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        """Is every trial right?"""
        return bool(self.trials) and all(trial.is_right for trial in self.trials)

    @property
    def right(self) -> list[Trial]:
        """The trials that are right."""
        return [trial for trial in self.trials if trial.is_right]

    @property
    def first_wrong(self) -> Trial | None:
        """The first trial that is not right."""
        return next((trial for trial in self.trials if not trial.is_right), None)


class Caller:
    """Calls a student's functions; a process that did not survive is replaced before the next call."""

    def __init__(self, student: StudentProcess, timeout: float) -> None:
        self.student = student
        self.timeout = timeout

    def call(self, name: str, binding: Binding, values: dict[str, Any]) -> CallResult:
        """Call a function once."""
        arguments, keywords = binding.arguments(values)
        self.revive()
        return self.student.call(name, arguments, keywords, self.timeout)

    def call_all(
        self, calls: Sequence[tuple[str, Binding, dict[str, Any]]], *, twice: bool = False
    ) -> list[CallResult]:
        """Make calls of several functions; up to the one that the process does not survive."""
        self.revive()
        given = [(name, *binding.arguments(values)) for name, binding, values in calls]
        return self.student.call_all(given, self.timeout, twice=twice)

    def revive(self) -> None:
        """Start the process anew if it did not survive."""
        if not self.student.alive:
            self.student.restart()

    def afresh(self, name: str, binding: Binding, values: dict[str, Any]) -> CallResult:
        """Call a function in a process in which nothing was called before."""
        self.student.restart()
        return self.call(name, binding, values)

    def values_of(self, name: str, binding: Binding, many: Sequence[dict[str, Any]]) -> list[Any] | None:
        """The results of many calls; None unless all return."""
        self.revive()
        keywords = binding.arguments(many[0])[1]
        results = self.student.call_many(
            name, [binding.arguments(values)[0] for values in many], keywords, self.timeout
        )
        if len(results) < len(many) or any(failure(result, name, self.timeout) for result in results):
            return None
        return [result.value for result in results]


class Probes:
    """The random arrays of a check, and what the oracles say of them; a class is graded on the same ones.

    There is one draw for each case and set of sizes, shared by the tasks that take nothing computed. A task that takes
    what another one has to compute, such as softmax(Z), has draws of its own: else a student's file could keep Z, and
    return it when model_forward is asked for it.
    """

    def __init__(self, loaded: LoadedExercise, seed: int) -> None:
        self.loaded, self.seed = loaded, seed
        self._values: dict[tuple[int, int, int], dict[str, AnyArray]] = {}
        self._others: dict[int, tuple[dict[str, AnyArray], dict[str, AnyArray]]] = {}

    def of(self, task_name: str) -> Iterator[Probe]:
        """Every case that has the task, at both sets of sizes."""
        for place, case in enumerate(self.loaded.exercise.cases):
            for task in case.tasks:
                if task.name == task_name and task.judged_by is not None:
                    generator = np.random.default_rng([self.seed, zlib.crc32(task_name.encode())])
                    for question in _property(task.judged_by).questions(generator):
                        yield Probe(case, task, {}, question.given, question=question)
                elif task.name == task_name:
                    for number, sizes in enumerate(case.sizes):
                        yield Probe(case, task, sizes, self._draw(place, number, _stream(case, task)))

    def _draw(self, place: int, number: int, stream: int) -> dict[str, AnyArray]:
        key = (place, number, stream)
        if key not in self._values:
            case = self.loaded.exercise.cases[place]
            self._values[key] = self.loaded.probe(case, case.sizes[number], self.seed + number + (stream << 32))
        return self._values[key]

    def other_oracles(self, probe: Probe) -> tuple[dict[str, AnyArray], dict[str, AnyArray]]:
        """The derivatives by finite differences, and what the reference MLP computes."""
        key = id(probe.values)
        if key not in self._others:
            measured = oracles.measured(self.loaded, probe.case, probe.values)
            self._others[key] = (measured, oracles.by_reference(probe.case, probe.values))
        return self._others[key]


def _stream(case: Case, task: Task) -> int:
    """Which of several independent draws a task has."""
    return zlib.crc32(task.name.encode()) if set(task.arrays()) - set(case.inputs) else 0


def _property(name: str) -> Property:
    """The property of that name; few exercises need one, and so the others do not load them."""
    from .properties.known import PROPERTIES  # noqa: PLC0415

    return PROPERTIES[name]


def _judged_by_property(output: Output, fault: Fault | None) -> Judged:
    return Judged(output, Returned(None if fault is None else fault.array), NOTHING, None, fault=fault)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A task, the student's function for it, and what to call that with."""

    task: Task
    function: FunctionInfo
    probes: Sequence[Probe]


def run_tasks(wanted: Sequence[Wanted], caller: Caller) -> list[TaskRun | None]:
    """Run functions on their probes, each in the order of arguments that makes it right, or else in the likeliest.

    Returns:
        A run for each; None when the function takes another number of arguments.
    """
    orders = [bindings(one.task, one.function) for one in wanted]
    runs = iter(_run([(one, order[0]) for one, order in zip(wanted, orders, strict=True) if order], caller))
    return [
        _best_order(one, next(runs), order[1:], caller) if order else None
        for one, order in zip(wanted, orders, strict=True)
    ]


def _best_order(one: Wanted, likeliest: TaskRun, others: Sequence[Binding], caller: Caller) -> TaskRun:
    for other in others:
        if likeliest.is_right or any(hung_or_died(trial.result) for trial in likeliest.trials):
            break  # more of the same would only take time
        if _run([(replace(one, probes=one.probes[:1]), other)], caller)[0].is_right:
            (rival,) = _run([(one, other)], caller)
            if len(rival.right) > len(likeliest.right):
                likeliest = rival
    return likeliest


def hung_or_died(result: CallResult) -> bool:
    """Did the process not survive the call?"""
    return result.outcome in {Outcome.TIMED_OUT, Outcome.DIED}


def _run(chosen: Sequence[tuple[Wanted, Binding]], caller: Caller) -> list[TaskRun]:
    """Every function twice on every probe, in as few messages as may be; none any more that hung or died on one."""
    runs = [TaskRun(one.task, one.function, order) for one, order in chosen]
    waiting = [(run, probe) for run, (one, _) in zip(runs, chosen, strict=True) for probe in one.probes]
    while waiting:
        calls = [(run.function.name, rebound(run.binding, probe.task), probe.values) for run, probe in waiting]
        results = caller.call_all(calls, twice=True)
        for (run, probe), result in zip(waiting, results, strict=False):
            run.trials.append(_trial(probe, result, caller))
        last = waiting[len(results) - 1][0]
        waiting = [(run, probe) for run, probe in waiting[len(results) :] if run is not last]
    return runs


def _trial(probe: Probe, result: CallResult, caller: Caller) -> Trial:
    if failure(result, "", caller.timeout) is not None:
        return Trial(probe, result)
    return Trial(probe, result, probe.judged(result.value))


def rebound(binding: Binding, task: Task) -> Binding:
    """The binding with the arguments of another case's task of the same name, whose dicts may have other entries."""
    names = {argument.name: argument for argument in task.arguments}
    return Binding(
        tuple(names[argument.name] for argument in binding.positional),
        tuple((keyword, names[argument.name]) for keyword, argument in binding.keywords),
        binding.text,
        binding.is_declared,
    )


def judge(output: Output, returned: Returned, expected: AnyArray) -> Judged:
    """Compare one output with the right value."""
    array = returned.array
    if array is None:
        return Judged(output, returned, expected, None)
    if array.shape == expected.shape:
        return Judged(output, returned, expected, compare(array, expected))
    if _differ_by_ones(array.shape, expected.shape):
        comparison = compare(array.reshape(expected.shape), expected)
        return Judged(output, returned, expected, comparison, is_reshaped=True)
    return Judged(output, returned, expected, None)


def _differ_by_ones(shape: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return tuple(n for n in shape if n != 1) == tuple(n for n in wanted if n != 1)
