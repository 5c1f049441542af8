"""Where the mistake is: the smallest change of the student's own source that makes every output right.

Edits are run in the student's process; what comes out is judged here, at several sets of sizes, so a finding with a
change that was seen to work is proven, whatever the error model says.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .compiled_exercise import LoadedExercise
from .findings import FAMILY_OF, Certainty, Finding
from .student_answers import DescribedEdit, Outcome, Rehearsed, TriedEdit
from .student_process import StudentProcess
from .task_check import Caller, Probe, TaskRun, Trial, rebound
from .trace import first_difference, placed, read_trace

DEFAULT_BUDGET = 2.0  # seconds of the student's process for each function
SLOWEST = 3.0  # as many seconds by the clock for each: the machine may be busy
SLICE = 0.15  # seconds of trying between two looks at what came out
CALL_TIMEOUT = 3.0  # seconds that an edited function may hang
MOST_CHECKED = 12  # repairs of one cost that are compared
MOST_PAIRS = 60
# Where every finding has a name and a line, only edits that cost less than this are tried.
FAR_ENOUGH = 1.6
# Edits of the kind that the numbers speak for are tried sooner by this much of their cost.
SAME_CODE, SAME_CLASS, SAME_FAMILY = 1.0, 0.9, 0.5


@dataclass(frozen=True, slots=True)
class Repair:
    """One or two edits that were run, and what they made right.

    Attributes:
        edits: the changes, of which each has a place.
        repairs: the outputs that each of them makes right; the first edit's, then the second's.
        is_complete: every output of the function is right with all of them.
        error: the largest relative error left in what they make right.
    """

    edits: tuple[DescribedEdit, ...]
    repairs: tuple[frozenset[str], ...]
    is_complete: bool
    error: float


class Locator:
    """Looks for repairs of a student's functions.

    Args:
        loaded: the exercise; None where there is none.
        runs: every function that could be run, by name.
        budget: seconds of search for each function.
    """

    def __init__(
        self, loaded: LoadedExercise | None, runs: Mapping[str, TaskRun], caller: Caller, budget: float = DEFAULT_BUDGET
    ) -> None:
        self.loaded, self.runs, self.caller, self.budget = loaded, runs, caller, budget
        self.lines: set[int] = set()
        self.ran: frozenset[str] = frozenset()
        """The functions that ran when the last one was watched."""
        self._complete: list[tuple[TaskRun, tuple[int, ...], Repair]] = []
        self._start = caller.student.starts

    def follows(self, run: TaskRun) -> tuple[TaskRun, Repair] | None:
        """An earlier function whose repair makes this one right too, with the repair."""
        if not self._is_ready():
            return None
        for other, places, repair in self._complete:
            if self._error_with(run, run.trials, places) is not None:
                return other, repair
        return None

    def unsteady_line(self, run: TaskRun, trial: Trial) -> int | None:
        """The line at which two equal calls part ways."""
        if not self._is_ready():
            return None
        one, other = (read_trace(self._ask(run, "watch", [trial]).values) for _ in range(2))
        return first_difference(one, other)

    def watch(self, run: TaskRun, findings: Sequence[Finding]) -> list[Finding]:
        """The findings with what the function's own variables tell: where, and what only they show."""
        if not self._is_ready():
            return list(findings)
        trial = _looked_at(run)
        watched = self._ask(run, "watch", [trial])
        self.ran = frozenset(watched.names)
        trace = read_trace(watched.values)
        if trial.probe.question is not None:
            # What is called may be given, or right: what a result holds was put there further down.
            trace = [traced for traced in trace if traced.line >= (run.function.line or 0)]
        return [placed(finding, trial, self.loaded, trace) for finding in findings]

    def repair(self, run: TaskRun, findings: Sequence[Finding]) -> Repair | None:
        """The smallest change that makes the function right, or at least one of its outputs."""
        if not self._is_ready():
            return None
        deadline, left = time.monotonic() + SLOWEST * self.budget, self.budget
        trial = _looked_at(run)
        search = _Search(trial)
        self.lines = {finding.line for finding in findings if finding.line is not None}
        prepared = self._ask(run, "prepare", [trial], codes=_bonus(findings), lines=sorted(self.lines))
        reached = prepared.first
        if all(f.line is not None and f.certainty is Certainty.LIKELY for f in findings):
            search.limit = FAR_ENOUGH
        while reached < prepared.reached and left > 0 and time.monotonic() < deadline and not search.is_over:
            answer = self._ask(run, "try", [trial], first=reached, seconds=SLICE)
            left -= answer.cpu_seconds or SLICE
            if answer.outcome is not Outcome.VALUE:
                break  # it hung or died; what was found before counts
            reached = answer.reached
            search.look_at(answer.tried)
            self._verify(run, search)
        found = self._single(run, search) or self._pair(run, search)
        if found is None and not trial.failed:
            found = self._partial(run, search)
        if found is None:
            return None
        places, repair = found
        if repair.is_complete:
            if not self._holds(run, places):
                return None
            self._complete.append((run, places, repair))
        return repair

    def unmended(self, run: TaskRun) -> TaskRun | None:
        """Another function that is wrong, is called by this one, and has no repair: a change here would hide it."""
        mended = {other.task.name for other, _, _ in self._complete}
        return next(
            (
                other
                for name, other in self.runs.items()
                if other is not run and other.function.name in self.ran and not other.is_right and name not in mended
            ),
            None,
        )

    def _holds(self, run: TaskRun, places: tuple[int, ...]) -> bool:
        """Does the file with the edits, run anew from its beginning, give what the edited functions gave?"""
        text = self._ask(run, "run", [], edits=list(places)).text
        others = [other for other in self.runs.values() if other is not run and other.is_right]
        with self.caller.student.sibling(CALL_TIMEOUT) as fresh:
            fresh.load(self.caller.student.path, text)
            return all(
                self._is_right_in(fresh, one, trials)
                for one, trials in [(run, run.trials), *((other, other.trials[:1]) for other in others)]
            )

    @staticmethod
    def _is_right_in(process: StudentProcess, run: TaskRun, trials: Sequence[Trial]) -> bool:
        for trial in trials:
            arguments, keywords = rebound(run.binding, trial.probe.task).arguments(trial.probe.values)
            result = process.call(run.function.name, arguments, keywords)
            if result.outcome is not Outcome.VALUE or None in _judged(trial.probe, result.value).values():
                return False
        return True

    # Repairs of one edit, of two, and of some outputs only ------------------------------------------------------------

    def _verify(self, run: TaskRun, search: _Search) -> None:
        """Run those edits that made everything right on every probe, and on the other functions."""
        while search.complete and len(search.verified) < MOST_CHECKED:
            tried = search.complete.pop(0)
            if search.verified and tried.cost > search.verified[0][0].cost:
                return
            error = self._error_with(run, run.trials, (tried.place,))
            if error is not None and self._breaks_nothing(run, (tried.place,)):
                edits = self._described(run, (tried.place,))
                search.verified += [(tried, edit, error) for edit in edits]
                search.limit = tried.cost if edits else search.limit

    def _single(self, run: TaskRun, search: _Search) -> tuple[tuple[int, ...], Repair] | None:
        if not search.verified:
            return None
        tried, edit, error = max(search.verified, key=lambda one: self._worth(run, *one))
        return (tried.place,), Repair((edit,), (search.wrong,), True, error)

    def _worth(self, run: TaskRun, tried: TriedEdit, edit: DescribedEdit, error: float) -> tuple[int, bool, int, int]:
        """Which place of several: where other functions are mended too, where a wrong value shows first, the last."""
        others = [other for other in self.runs.values() if other is not run and not other.is_right]
        mended = sum(self._error_with(other, other.trials[:1], (tried.place,)) is not None for other in others)
        return mended, edit.line in self.lines, edit.line, -len(edit.becomes)

    def _pair(self, run: TaskRun, search: _Search) -> tuple[tuple[int, ...], Repair] | None:
        pairs = [
            (one, two)
            for place, one in enumerate(search.partial)
            for two in search.partial[place + 1 :]
            if one.repaired | two.repaired >= search.wrong and not one.repaired >= two.repaired
        ]
        pairs.sort(key=lambda pair: pair[0].tried.cost + pair[1].tried.cost)
        for one, two in pairs[:MOST_PAIRS]:
            places = (one.tried.place, two.tried.place)
            error = self._error_with(run, run.trials, places)
            if error is None or not self._breaks_nothing(run, places):
                continue
            if edits := self._described(run, places):
                return places, Repair(edits, (one.repaired, two.repaired - one.repaired), True, error)
        return None

    def _partial(self, run: TaskRun, search: _Search) -> tuple[tuple[int, ...], Repair] | None:
        best = sorted(search.partial, key=lambda one: (-len(one.repaired), one.tried.cost))
        for one in best[:MOST_CHECKED]:
            error = self._error_with(run, run.trials, (one.tried.place,), one.repaired)
            if error is None or not self._breaks_nothing(run, (one.tried.place,)):
                continue
            if edits := self._described(run, (one.tried.place,)):
                return (one.tried.place,), Repair(edits, (one.repaired,), False, error)
        return None

    # Asking the student's process -------------------------------------------------------------------------------------

    def _error_with(
        self, run: TaskRun, trials: Sequence[Trial], places: tuple[int, ...], wanted: frozenset[str] | None = None
    ) -> float | None:
        """The largest error left with some edits made; None when an output is wrong.

        Args:
            wanted: the outputs that are to be right, beside those that were; all when None.
        """
        answer = self._ask(run, "run", trials, edits=list(places))
        if answer.outcome is not Outcome.VALUE or len(answer.values) != len(trials):
            return None
        errors = [0.0]
        for trial, value in zip(trials, answer.values, strict=True):
            for name, error in _judged(trial.probe, value).items():
                if wanted is None or name in wanted or name not in _wrong(trial):
                    if error is None:
                        return None
                    errors.append(error)
        return max(errors)

    def _breaks_nothing(self, run: TaskRun, places: tuple[int, ...]) -> bool:
        """Are the functions that were right still right with the edits?"""
        return all(
            self._error_with(other, other.trials[:1], places) is not None
            for other in self.runs.values()
            if other is not run and other.is_right
        )

    def _described(self, run: TaskRun, places: tuple[int, ...]) -> tuple[DescribedEdit, ...]:
        """What the edits change; nothing where the student's process does not tell, or one changes given code."""
        edits = self._ask(run, "run", [], edits=list(places)).edits
        given = () if self.loaded is None else self.loaded.exercise.given
        return edits if len(edits) == len(places) and not any(edit.function in given for edit in edits) else ()

    def _is_ready(self) -> bool:
        student = self.caller.student
        if not student.alive:
            student.restart()
        if self._start != student.starts:
            self._start = student.starts
            self._complete.clear()  # the list of edits has gone with the process that held it
        return student.alive

    def _ask(self, run: TaskRun, part: str, trials: Sequence[Trial], **fields: Any) -> Rehearsed:
        calls = [rebound(run.binding, trial.probe.task).arguments(trial.probe.values) for trial in trials]
        return self.caller.student.rehearse(part, run.function.name, calls, CALL_TIMEOUT, **fields)


@dataclass(frozen=True, slots=True)
class _Partial:
    tried: TriedEdit
    repaired: frozenset[str]


class _Search:
    """What came out of edits so far."""

    def __init__(self, trial: Trial) -> None:
        self.probe = trial.probe
        self.wrong = frozenset(_wrong(trial))
        self.complete: list[TriedEdit] = []
        """Edits that made everything right here."""
        self.verified: list[tuple[TriedEdit, DescribedEdit, float]] = []
        """Those of them that made everything right everywhere, with the error left."""
        self.partial: list[_Partial] = []
        self.is_over = False
        self.limit = float("inf")
        self._right: dict[int, frozenset[str]] = {}
        self._all = frozenset(output.name for output in trial.probe.task.outputs)

    def look_at(self, tried: Sequence[TriedEdit]) -> None:
        """Judge results; the search is over when edits begin to cost more than is worth trying."""
        for one in tried:
            if one.result not in self._right:
                judged = _judged(self.probe, one.value)
                self._right[one.result] = frozenset(name for name, error in judged.items() if error is not None)
            right = self._right[one.result]
            if one.cost > self.limit:
                self.is_over = True
                return
            if right == self._all:
                self.complete.append(one)
            elif right >= self._all - self.wrong and right & self.wrong:
                self.partial.append(_Partial(one, right & self.wrong))


def _judged(probe: Probe, value: Any) -> dict[str, float | None]:
    """The relative error of each output that is right; None for the others."""
    return {
        one.output.name: None if not one.is_right else 0.0 if one.comparison is None else one.comparison.relative_error
        for one in probe.judged(value)
    }


def _looked_at(run: TaskRun) -> Trial:
    """The trial that shows most of what is wrong."""
    return max(_wrong_trials(run), key=lambda trial: len(_wrong(trial)))


def _wrong_trials(run: TaskRun) -> list[Trial]:
    return [trial for trial in run.trials if not trial.is_right]


def _wrong(trial: Trial) -> list[str]:
    if trial.failed:
        return [output.name for output in trial.probe.task.outputs]
    return [one.output.name for one in trial.judged if not one.is_right]


# What an edit is called that undoes a mistake in the regulariser's term.
_IN_PENALTY = {
    "regulariser-factor": ("factor",),
    "regulariser-sign": ("term-sign", "sign-flipped"),
    "regulariser-scaled": ("wrong-count", "mean-missing", "mean-twice"),
}


def _bonus(findings: Sequence[Finding]) -> dict[str, float]:
    """How much sooner edits are tried whose code the numbers speak for."""
    found: dict[str, float] = {}
    for finding in findings:
        codes = [finding.code, *(alternative.code for alternative in finding.alternatives)]
        codes += _IN_PENALTY.get(finding.code, ())
        families = {FAMILY_OF[code] for code in codes} - {FAMILY_OF["unknown"]}
        for code, family in FAMILY_OF.items():
            worth = SAME_CODE if code == finding.code else SAME_CLASS if code in codes else 0.0
            found[code] = max(found.get(code, 0.0), worth, SAME_FAMILY if family in families else 0.0)
    return {code: worth for code, worth in found.items() if worth}
