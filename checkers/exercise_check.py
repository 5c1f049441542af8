"""Checking a loaded student file against a compiled exercise: every declared task, every output, with findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from .call_findings import failure, side_effects
from .comparison import relative_error
from .diagnosis import diagnose
from .findings import Alternative, Certainty, Family, Finding, Severity, Verdict
from .locate import DEFAULT_BUDGET, Locator
from .located_findings import following, with_repair
from .own_loss import SAME, own_gradient
from .properties.property import Fault, explained
from .report import Oracles, OutputReport, TaskReport
from .returned import sort_out
from .student_answers import CallResult, FunctionInfo, Loaded
from .task_check import (
    Caller,
    Judged,
    Probe,
    Probes,
    TaskRun,
    Trial,
    Wanted,
    rebound,
    run_tasks,
)
from .tasks import Output, Task

# First calls in fresh processes that must agree before a function is said to be deterministic but to keep something: a
# random mask over ten units is the same twice once in 70 times.
FRESH_CALLS = 4
STEADY = "A gradient is a function of its arguments alone: no random numbers, no globals, no mutable defaults."
SEEDED = "Draw every random number from one generator made of the seed: rng = np.random.default_rng(seed)."
# Findings behind which a state that was kept may lie.
UNEXPLAINED = frozenset(["unknown", "raises", "wrong-shape"])
# No small change mends these, and trying may take long.
BEYOND_REPAIR = frozenset(
    ["times-out", "too-much-memory", "not-implemented", "wrong-distribution", "same-initial-weights"]
)


def check_exercise(
    probes: Probes, student: Loaded, caller: Caller, locate_budget: float = DEFAULT_BUDGET
) -> tuple[TaskReport, ...]:
    """Check every declared task of an exercise.

    Args:
        probes: of the exercise; may serve many checks.
        student: the student's file as it was loaded.
        caller: calls its functions.
        locate_budget: seconds to look for a repair of each wrong function; 0 for not at all.
    """
    return _ExerciseCheck(probes, student, caller, locate_budget).reports()


class _ExerciseCheck:
    def __init__(self, probes: Probes, student: Loaded, caller: Caller, locate_budget: float) -> None:
        self.loaded, self.caller, self.drawn = probes.loaded, caller, probes
        self.functions = {function.name: function for function in student.functions}
        self.runs: dict[str, TaskRun] = {}
        self.locator = Locator(self.loaded, self.runs, caller, locate_budget)
        self.found: dict[str, list[Finding]] = {}
        self.other_losses: set[str] = set()
        self.enlarged: dict[str, CallResult] = {}
        """What functions that are right give for logits a thousand times as large."""

    def reports(self) -> tuple[TaskReport, ...]:
        """Run everything first, so that a gradient can be held against the student's own loss."""
        tasks = self.loaded.exercise.tasks
        refused = {task.name: _missing(task) for task in tasks if task.name not in self.functions}
        wanted = [
            Wanted(task, self.functions[task.name], list(self.drawn.of(task.name)))
            for task in tasks
            if task.name not in refused
        ]
        for one, run in zip(wanted, run_tasks(wanted, self.caller), strict=True):
            if run is None:
                refused[one.task.name] = _wrong_signature(one.task, one.function)
            else:
                self.runs[one.task.name] = run
        self.enlarged = self._enlarged([self.runs[one.task.name] for one in wanted if one.task.name in self.runs])
        # What is right first: its notes are taken before edits are tried in the same process.
        order = sorted(self.runs.values(), key=lambda run: not run.is_right)
        done = refused | {run.task.name: self._report(run) for run in order}
        reports = [done[task.name] for task in tasks]
        return tuple(_other_loss(report) if report.name in self.other_losses else report for report in reports)

    # One task ---------------------------------------------------------------------------------------------------------

    def _report(self, run: TaskRun) -> TaskReport:
        findings = [_with_a_line(finding, run.function) for finding in (*self._faults(run), *self._notes(run))]
        unsteady = [f for f in findings if f.code in {"not-deterministic", "keeps-state"}]
        outputs = [self._output(run, output, bool(unsteady)) for output in run.task.outputs]
        earned = sum(self._credit(output, findings) for output in outputs)
        steps = {finding.step for finding in findings} & {
            name for case in self.loaded.exercise.cases for name, _ in case.steps
        }
        return TaskReport(
            name=run.task.name,
            verdict=Verdict.worst([output.verdict for output in outputs]),
            score=run.task.points * earned / len(outputs),
            max_score=run.task.points,
            line=run.function.line,
            outputs=tuple(outputs),
            findings=tuple(findings),
            call=None if run.binding.is_declared else run.binding.text,
            steps=tuple(self._steps(run, sorted(step for step in steps if step))),
        )

    def _credit(self, output: OutputReport, findings: Sequence[Finding]) -> float:
        """What an output is worth, of 1; of a wrong one what the exercise leaves for a mistake of that family."""
        if output.verdict is not Verdict.WRONG:
            return 1.0
        cause = next((f for f in findings if f.is_fault and output.name in f.outputs), None)
        return self.loaded.exercise.partial_credit.get(str(cause.family), 0.0) if cause else 0.0

    def _steps(self, run: TaskRun, names: Sequence[str]) -> list[tuple[str, str]]:
        trial = run.first_wrong or run.trials[0]
        known = dict(trial.probe.case.steps)
        return [(name, known[name]) for name in names if name in known]

    def _faults(self, run: TaskRun) -> list[Finding]:
        unsteady = self._unsteady(run)
        if unsteady or run.first_wrong is None:
            return unsteady
        if self.locator.budget > 0 and (first := self.locator.follows(run)):
            other, repair = first
            names = tuple(output.name for output in self._wrong(run))
            return [following(self.found[other.task.name], other.task.name, repair, names)]
        if run.task.judged_by is not None:
            findings = _of_property(run)
        else:
            findings = self._against_own_loss(run, list(diagnose(run, self.loaded)))
        failed = next((trial for trial in run.trials if trial.failed), None)
        finding = failure(failed.result, run.binding.text, self.caller.timeout) if failed else None
        if finding is not None:
            explained = {name for other in findings for name in other.outputs}
            names = tuple(output.name for output in run.task.outputs if output.name not in explained)
            findings = [replace(finding, outputs=names), *findings]
        if any(finding.code in UNEXPLAINED for finding in findings) and (polluted := self._polluted(run)):
            return [polluted]
        if self.locator.budget > 0 and all(f.code not in {"times-out", "too-much-memory"} for f in findings):
            findings = self.locator.watch(run, findings)
        if self.locator.budget > 0 and not BEYOND_REPAIR & {f.code for f in findings}:
            findings = self._located(run, findings)
        # A named mistake is the cause; what was only seen comes after it.
        findings.sort(key=lambda finding: finding.code in {"unknown", "wrong-shape"})
        self.found[run.task.name] = findings
        return findings

    def _located(self, run: TaskRun, findings: list[Finding]) -> list[Finding]:
        """The findings with the change that mends them; not where a function that is called is wrong itself."""
        if (other := self.locator.unmended(run)) is not None:
            hint = f"{run.task.name} calls {other.task.name}, which is wrong itself: mend that first."
            if run.task.judged_by is not None:
                return [_consequence(run, other, self.found.get(other.task.name, []), hint)]
            return [replace(finding, hint=hint) for finding in findings]
        mended = self.locator.repair(run, findings)
        if mended is None:
            return findings
        penalised = {output.name for output in run.task.outputs} if self._has_penalty(run) else set()
        found = with_repair(findings, mended, penalised)
        # What a property judges holds or does not: there is no error left.
        return [replace(one, fix_relative_error=None) for one in found] if run.task.judged_by is not None else found

    def _has_penalty(self, run: TaskRun) -> bool:
        """Does the loss have a regulariser, so that one can be wrong?"""
        if run.task.judged_by is not None:
            return False
        probe = run.trials[0].probe
        model = self.loaded.load_errors(self.loaded.exercise.cases.index(probe.case), probe.task.name)
        return any(variant.code == "regulariser-missing" for variant in model.variants)

    @staticmethod
    def _wrong(run: TaskRun) -> list[Output]:
        return [
            output
            for output in run.task.outputs
            if any(trial.failed or not getattr(trial.of(output.name), "is_right", True) for trial in run.trials)
        ]

    def _unsteady(self, run: TaskRun) -> list[Finding]:
        """The same call twice must give the same values."""
        if any(argument.optional and argument not in run.binding.passed for argument in run.task.arguments):
            return []  # without a seed it may draw as it likes
        for trial in run.trials:
            if trial.failed or _same_values(trial):
                continue
            names = tuple(output.name for output in run.task.outputs)
            binding, values = rebound(run.binding, trial.probe.task), trial.probe.values
            fresh = [self.caller.afresh(run.function.name, binding, values).value for _ in range(FRESH_CALLS)]
            code, why = "not-deterministic", "The same call gives other values each time."
            if all(_equal(trial, fresh[0], other) for other in fresh[1:]):
                code, why = (
                    "keeps-state",
                    "A second call with the same arguments gives other values: it keeps something of the first.",
                )
            line = self.locator.unsteady_line(run, trial) or run.function.line
            hint = STEADY if run.task.judged_by is None else SEEDED
            return [Finding(code, why, Certainty.OBSERVED, hint, outputs=names, line=line)]
        return []

    def _polluted(self, run: TaskRun) -> Finding | None:
        """What goes wrong only after other calls is wrong because something was kept of them."""
        trial = run.first_wrong
        if trial is None or not self.caller.student.alive:
            return None
        binding = rebound(run.binding, trial.probe.task)
        fresh = self.caller.afresh(run.function.name, binding, trial.probe.values)
        if failure(fresh, "", 0) is not None or not all(one.is_right for one in trial.probe.judged(fresh.value)):
            return None
        names = tuple(output.name for output in run.task.outputs)
        why = "It is right when it is called first, and wrong after other calls: it keeps something of them."
        line = self.locator.unsteady_line(run, trial) or run.function.line
        return Finding("keeps-state", why, Certainty.OBSERVED, STEADY, outputs=names, line=line)

    def _against_own_loss(self, run: TaskRun, findings: list[Finding]) -> list[Finding]:
        """If a wrong gradient is the derivative of the student's own wrong loss, say that first."""
        trial = run.first_wrong
        if trial is None:
            return findings
        own: list[str] = []
        loss_run: TaskRun | None = None
        for one in trial.judged:
            if (
                one.is_right
                or one.comparison is None
                or not one.output.is_derivative
                or not one.output.quantity.startswith("dJ/")
            ):
                continue
            measured = own_gradient(self.runs, trial.probe, one.output.of, "J", self.caller)
            if measured is None or _has_right_loss(measured[1]):
                continue
            expected = one.output.form.apply(measured[0])
            if relative_error(one.comparison.yours, np.asarray(expected)) <= SAME:
                own.append(one.output.name)
                loss_run = measured[1]
        if not own or loss_run is None:
            return findings
        self.other_losses.add(loss_run.task.name)
        if loss_run is run:
            # One function returns both: the wrong loss is the cause, not a finding of its own.
            own = [one.output.name for one in trial.judged if not one.is_right and one.output.quantity == "J"] + own
            joint = [f for f in findings if set(own) <= set(f.outputs) and f.certainty is Certainty.LIKELY]
            if joint:
                # One mistake further up makes both wrong: that is the cause.
                other = Alternative("wrong-loss", _wrong_loss(tuple(own), loss_run, findings).message)
                named = replace(joint[0], alternatives=(*joint[0].alternatives, other))
                return [named if f is joint[0] else f for f in findings]
        rest = ((f, tuple(name for name in f.outputs if name not in own)) for f in findings)
        return [_wrong_loss(tuple(own), loss_run, findings), *(replace(f, outputs=names) for f, names in rest if names)]

    def _notes(self, run: TaskRun) -> list[Finding]:
        trial = run.trials[0]
        if trial.failed:
            return []
        names = tuple(argument.name for argument in run.binding.positional)
        notes = side_effects(trial.result, names)
        for one in trial.judged:
            if all(getattr(other.of(one.output.name), "is_right", True) for other in run.trials):
                notes += _notes_on_output(one)
        return [*notes, *self._stability(run)]

    def _enlarged(self, runs: Sequence[TaskRun]) -> dict[str, CallResult]:
        """Call what is right with logits a thousand times as large."""
        waiting = [run for run in runs if run.is_right and _logits_of(run)]
        found: dict[str, CallResult] = {}
        while waiting:
            calls = []
            for run in waiting:
                values = run.trials[0].probe.values
                large = {name: 1000 * values[name] for name in _logits_of(run)}
                calls.append((run.function.name, run.binding, {**values, **large}))
            results = self.caller.call_all(calls)
            found |= {run.task.name: result for run, result in zip(waiting, results, strict=False)}
            waiting = waiting[len(results) :]
        return found

    def _stability(self, run: TaskRun) -> list[Finding]:
        """Large logits must not overflow; only a note, and only of a function that is right."""
        result = self.enlarged.get(run.task.name)
        if result is None or (failure(result, "", 0) is None and _is_finite(run.task, result.value)):
            return []
        letters = ", ".join(sorted(a.name for a in run.task.arguments if set(a.arrays()) & _logits_of(run)))
        warned = next((warning for warning in result.warnings if warning.line is not None), None)
        why = f" NumPy warned: {warned.message}." if warned else ""
        message = f"With {letters} of about 1000 the result is not finite.{why}"
        hint = "Subtract each row's largest entry before exp, and take the logarithm of the sum, not of softmax."
        line = warned.line if warned else run.function.line
        return [Finding("unstable", message, Certainty.OBSERVED, hint, Severity.NOTE, line=line)]

    # One output -------------------------------------------------------------------------------------------------------

    def _output(self, run: TaskRun, output: Output, is_unsteady: bool) -> OutputReport:
        trial = next((t for t in run.trials if t.failed or not getattr(t.of(output.name), "is_right", True)), None)
        chosen = trial or next(t for t in run.trials if t.of(output.name) is not None)
        one = chosen.of(output.name)
        wrong = trial is not None or is_unsteady
        verdict = Verdict.WRONG if wrong else Verdict.RIGHT
        if one is None:
            return OutputReport(output.name, output.of, verdict)
        if run.task.judged_by is not None:
            left_open = next((one.fault for t in run.trials if (one := t.of(output.name)) and one.fault), None)
            if verdict is Verdict.RIGHT and left_open is not None:
                return OutputReport(output.name, output.of, Verdict.UNDECIDED, reason=left_open.finding.message)
            return OutputReport(output.name, output.of, verdict)
        report = OutputReport(output.name, output.of, verdict, shape=one.shape, entries=one.expected.size)
        if one.comparison is None:
            return replace(report, wrong_entries=one.expected.size)
        return replace(
            report,
            relative_error=one.comparison.relative_error,
            tolerance=one.comparison.tolerance,
            wrong_entries=0 if one.is_right else int(one.comparison.wrong.sum()),
            wrong=() if one.is_right else one.comparison.worst(),
            entry_map=one.comparison.entry_map(),
            oracles=self._oracles(chosen.probe, one),
        )

    def _oracles(self, probe: Probe, one: Judged) -> Oracles:
        """Relative error of the student's output against each oracle."""
        if one.comparison is None:
            return Oracles()
        found: list[float | None] = []
        for values in (probe.values, *self.drawn.other_oracles(probe)):
            right = values.get(one.output.quantity)
            if right is None:
                found.append(None)
            else:
                laid_out = np.asarray(one.output.form.apply(right), dtype=float)
                found.append(relative_error(one.comparison.yours, laid_out.reshape(one.expected.shape)))
        return Oracles(*found)


# Findings -------------------------------------------------------------------------------------------------------------


def _logits_of(run: TaskRun) -> set[str]:
    """The model's arrays that the function takes and an exponential is taken of."""
    probe = run.trials[0].probe
    return set(probe.case.logits) & set(probe.task.arrays())


def _missing(task: Task) -> TaskReport:
    finding = Finding(
        "missing-function",
        f"The file has no function {task.name}.",
        Certainty.OBSERVED,
        f"Define {task.signature}.",
        outputs=tuple(output.name for output in task.outputs),
    )
    return _not_run(task, finding, None)


def _wrong_signature(task: Task, function: FunctionInfo) -> TaskReport:
    names = ", ".join(parameter.name for parameter in function.parameters or ())
    finding = Finding(
        "wrong-signature",
        f"{task.name}({names}) does not take the arguments of {task.signature}.",
        Certainty.OBSERVED,
        f"Declare it as in the handout: {task.signature}.",
        outputs=tuple(output.name for output in task.outputs),
        line=function.line,
    )
    report = _not_run(task, finding, function.line)
    outputs = tuple(replace(output, verdict=Verdict.WRONG) for output in report.outputs)
    return replace(report, verdict=Verdict.WRONG, outputs=outputs)


def _not_run(task: Task, finding: Finding, line: int | None) -> TaskReport:
    outputs = tuple(OutputReport(o.name, o.of, Verdict.NOT_RUN, reason=finding.message) for o in task.outputs)
    return TaskReport(task.name, Verdict.NOT_RUN, 0.0, task.points, line, outputs, (finding,))


def not_run(task: Task, finding: Finding) -> TaskReport:
    """The report on a task of a file that could not be run."""
    return _not_run(task, finding, None)


def _with_a_line(finding: Finding, function: FunctionInfo) -> Finding:
    """What a function as a whole does, such as returning NaN, is said of the line that defines it."""
    families = {Family.CODE, Family.SHAPE, Family.NUMERICS, Family.BEHAVIOUR, Family.DATA}
    if finding.line is None and finding.family in families:
        return replace(finding, line=function.line)
    return finding


def _consequence(run: TaskRun, other: TaskRun, causes: Sequence[Finding], hint: str) -> Finding:
    """What may be wrong only because a function that is called is: what was seen of it would accuse the wrong lines."""
    names = tuple(output.name for output in _ExerciseCheck._wrong(run))
    message = f"{', '.join(names)}: what is wrong may come from {other.task.name}."
    code = causes[0].code if causes else "unknown"
    return Finding(code, message, Certainty.OBSERVED, hint, outputs=names, line=run.function.line)


def _of_property(run: TaskRun) -> list[Finding]:
    """What does not hold, once for each output."""
    faults: dict[str, list[Fault]] = {}
    for trial in run.trials:
        for one in trial.judged:
            if one.fault is not None and not one.fault.is_open:
                faults.setdefault(one.output.name, []).append(one.fault)
    return [replace(explained(found), outputs=(name,)) for name, found in faults.items()]


def _has_right_loss(run: TaskRun) -> bool:
    """Is the loss itself right, whatever else the function returns?"""
    judged = [one for trial in run.trials for one in trial.judged if one.output.quantity == "J"]
    return all(one.is_right for one in judged)


def _wrong_loss(names: tuple[str, ...], loss: TaskRun, findings: Sequence[Finding]) -> Finding:
    explained = [f for f in findings if set(f.outputs) & set(names) and f.code != "unknown"]
    gradients = [
        name for name in names if name not in {output.name for output in loss.task.outputs if not output.is_derivative}
    ]
    verb = "is the derivative" if len(gradients) == 1 else "are the derivatives"
    return Finding(
        "wrong-loss",
        f"{', '.join(gradients)} {verb} of your own {loss.task.name}, but that is not the loss of the exercise.",
        Certainty.OBSERVED,
        f"Mend {'the loss' if set(names) & {o.name for o in loss.task.outputs} else loss.task.name} first; "
        f"the gradient follows from it.",
        step=explained[0].step if explained else None,
        outputs=names,
        alternatives=tuple(Alternative(f.code, f.message) for f in explained),
    )


def _notes_on_output(one: Judged) -> list[Finding]:
    notes = []
    name = one.output.name
    if one.is_right and one.is_reshaped:
        notes.append(
            (
                "wrong-shape",
                f"{name} has the shape {one.shape} where {one.expected.shape} is declared; the values agree.",
            )
        )
    if one.comparison is not None and one.comparison.is_low_precision:
        error = one.comparison.relative_error
        notes.append(
            ("low-precision", f"{name} is right to {error:.0e} only: some of it is computed in single precision.")
        )
    elif one.is_right and one.returned.is_single:
        notes.append(("low-precision", f"{name} is a float32 array."))
    return [Finding(code, text, Certainty.OBSERVED, None, Severity.NOTE, outputs=(name,)) for code, text in notes]


def _other_loss(report: TaskReport) -> TaskReport:
    """A loss that nothing explains, and that the student's own gradient is the derivative of: it is another loss."""
    message = f"{report.name} is another loss than the exercise's; your gradient is its derivative."
    hint = "Compare it with the loss in the handout, term by term."
    findings = (
        replace(f, code="wrong-loss", message=message, hint=hint) if f.code == "unknown" else f for f in report.findings
    )
    return replace(report, findings=tuple(findings))


def _same_values(trial: Trial) -> bool:
    again = trial.result.again
    return again is None or (again.error is None and _equal(trial, trial.result.value, again.value))


def _equal(trial: Trial, first: object, second: object) -> bool:
    """Did two calls return the same outputs, up to the order of summation?"""
    if trial.probe.task.judged_by is not None:
        return _alike(first, second)
    one, other = sort_out(trial.probe.task, first), sort_out(trial.probe.task, second)
    return all(
        (a.array is None and other[name].array is None)
        or (
            a.array is not None
            and (b := other[name].array) is not None
            and a.array.shape == b.shape
            and np.allclose(a.array, b, rtol=1e-9, atol=1e-12, equal_nan=True)
        )
        for name, a in one.items()
    )


def _alike(first: Any, second: Any) -> bool:
    """Are two values of any structure the same, up to the order of summation?"""
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        return first.keys() == second.keys() and all(_alike(first[key], second[key]) for key in first)
    if isinstance(first, list | tuple) and isinstance(second, list | tuple):
        return len(first) == len(second) and all(map(_alike, first, second))
    if isinstance(first, np.ndarray | float | int) and isinstance(second, np.ndarray | float | int):
        one, other = np.asarray(first), np.asarray(second)
        return one.shape == other.shape and bool(np.allclose(one, other, rtol=1e-9, atol=1e-12, equal_nan=True))
    return bool(first == second)


def _is_finite(task: Task, value: object) -> bool:
    return all(one.array is None or bool(np.all(np.isfinite(one.array))) for one in sort_out(task, value).values())
