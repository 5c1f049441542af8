"""Checking a whole file: every gradient function that a rule recognises, and what is said of the others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from checkers.call_findings import failure
from checkers.compiled_exercise import LoadedExercise
from checkers.findings import Alternative, Certainty, Finding, Severity, Verdict
from checkers.locate import DEFAULT_BUDGET, Locator
from checkers.located_findings import following, with_repair
from checkers.report import LeftAlone, Oracles, OutputReport, Recognised, TaskReport
from checkers.student_answers import CallResult, Outcome
from checkers.task_check import Caller, Judged, TaskRun, Trial

from . import harness, known_losses
from .check import Attempt, Trier
from .claims import as_array
from .epsilons import functions_with_epsilons
from .explain import explain, in_an_activation, of_an_activation
from .facts import Facts, Function
from .inputs import Kind
from .known_layers import derived, exercise_of
from .known_losses import LossForm
from .left_alone import may_be_gradients, reason
from .loss_faults import form_of, repaired_loss
from .probe import VALUE, MeasuredProbe
from .rules import RULES
from .uncallable import uncallable
from .units import Nature, Unit

FEWEST = 4  # entries by which entry by entry is told from chance
FALL_SHORT = ("NameError", "ImportError", "ModuleNotFoundError", "UnboundLocalError")


@dataclass(frozen=True, slots=True)
class OwnCheck:
    """What was found in a file of no exercise."""

    tasks: tuple[TaskReport, ...]
    recognised: tuple[Recognised, ...]
    left_alone: tuple[LeftAlone, ...]


Derivations = Callable[[str], LoadedExercise | None]
"""The compiled exercise of an id; None where there is none."""


def check_own_code(
    facts: Facts,
    caller: Caller,
    seed: int,
    locate_budget: float = DEFAULT_BUDGET,
    derivations: Derivations = lambda exercise: None,
    known_losses_only: bool = False,
) -> OwnCheck:
    """Check every gradient function of a loaded file against its own forward or loss.

    Args:
        facts: of the file and those beside it.
        caller: calls the file's functions.
        seed: of the random inputs.
        locate_budget: seconds to look for the change that mends each wrong function; 0 for none.
        derivations: of layers that are known, for naming what went wrong in one.
        known_losses_only: a loss that is the negative of a known one, or lacks its mean, is a fault, not a note, also
            where the gradient fits it.
    """
    return _WholeFile(facts, caller, seed, locate_budget, derivations, known_losses_only).checked()


class _WholeFile:
    def __init__(
        self,
        facts: Facts,
        caller: Caller,
        seed: int,
        locate_budget: float,
        derivations: Derivations,
        known_losses_only: bool,
    ) -> None:
        self.facts, self.caller, self.seed, self.budget = facts, caller, seed, locate_budget
        self.derivations = derivations
        self.known_losses_only = known_losses_only
        self.trier = Trier(caller, seed, epsilons=functions_with_epsilons(facts), imported=facts.imported)
        self.chosen: dict[str, tuple[Unit, Attempt]] = {}
        self.runs: dict[str, TaskRun] = {}
        self.locator = Locator(None, self.runs, caller, locate_budget)
        self.found: dict[str, list[Finding]] = {}
        self.steps: dict[str, tuple[tuple[str, str], ...]] = {}
        self.forms: dict[str, LossForm | None] = {}
        self.rivals: dict[str, dict[str, Attempt]] = {}
        """Of a gradient that may belong to several losses, the attempt with each."""

    def checked(self) -> OwnCheck:
        """Try every unit first: what is right must stay right when edits are tried."""
        for unit in units_of(self.facts):
            attempt = self._attempt(unit)
            if attempt is not None:
                self.chosen[unit.name] = unit, attempt
        for name, (unit, attempt) in list(self.chosen.items()):
            if not attempt.is_right and self._is_doubtful(unit, attempt):
                self.chosen[name] = unit, Attempt(attempt.reading, attempt.name)
            self.forms[name] = form_of(self.chosen[name][1])
        self.runs.update({name: one.run for name, (_, one) in self.chosen.items() if one.run is not None})
        order = sorted(self.chosen.values(), key=lambda pair: (not pair[1].is_right, pair[0].line))
        reports = {unit.name: report for unit, attempt in order if (report := self._report(unit, attempt)) is not None}
        named = sorted(reports, key=lambda name: self.chosen[name][0].line)
        recognised = tuple(_recognised(*self.chosen[name], self.forms[name]) for name in named)
        return OwnCheck(tuple(reports[name] for name in named), recognised, tuple(self._left_alone(reports)))

    def _attempt(self, unit: Unit) -> Attempt | None:
        """The best reading; None where an earlier rule's reading of the same function is no worse."""
        known = self.chosen.get(unit.name)
        is_known = known is not None and (
            known[1].run is not None or (unit.is_declared and _reached_gradient(known[1]))
        )
        if is_known and (not unit.doubt or known is None or known[1].is_right):
            return None
        attempt = self.trier.best(unit)
        if unit.rivals and attempt is not None:
            self.rivals.setdefault(unit.name, {})[unit.value_name] = attempt
        return None if is_known and not (attempt is not None and attempt.is_right) else attempt

    def _is_doubtful(self, unit: Unit, attempt: Attempt) -> bool:
        """May what came out wrong be right as the gradient of something else?"""
        if unit.hands_back:  # what it hands back may be right, and then it is the loss behind it that is not
            return not self._has_loss_of_probabilities()
        return bool(unit.doubt) and attempt.run is not None and not self._is_one_loss(unit)

    def _is_one_loss(self, unit: Unit) -> bool:
        """Do all losses that a gradient may belong to give the same numbers, so that it does not matter which it is?"""
        found = self.rivals.get(unit.name, {})
        if len(found) < 2 or set(found) != set(unit.rivals) or any(one.run is None for one in found.values()):
            return False
        first, *others = (
            [trial.probe.expected(output) for trial in one.run.trials for output in trial.probe.task.outputs]
            for one in found.values()
            if one.run is not None
        )
        return all(
            len(first) == len(other) and all(np.allclose(a, b) for a, b in zip(first, other, strict=True))
            for other in others
        )

    def _has_loss_of_probabilities(self) -> bool:
        """Is the gradient of some loss right by the probabilities that it takes, so that a softmax has to go on?"""
        losses = [attempt for unit, attempt in self.chosen.values() if unit.nature is Nature.LOSS and attempt.is_right]
        inputs = [one for attempt in losses for one in attempt.reading.cases[0].inputs]
        return any(one.kind is Kind.PROBABILITIES for one in inputs)

    # One function -----------------------------------------------------------------------------------------------------

    def _report(self, unit: Unit, attempt: Attempt) -> TaskReport | None:
        if attempt.run is None:
            return self._failed(unit, attempt)
        run = attempt.run
        if run.is_right and _computes_nothing(run):
            message = f"{unit.name} gives zeros everywhere, and so does what it belongs to: it is not written yet."
            hint = "Write the function's body."
            return _not_run(unit, Finding("not-implemented", message, Certainty.OBSERVED, hint, line=unit.line))
        findings = self._faults(unit, run) + _notes(run)
        outputs = tuple(_output(run, name) for name in _gradients(run))
        if run.is_right and (said := self._strange_loss(unit, run)) is not None:
            findings.append(said)
            if said.is_fault:
                outputs = tuple(replace(one, verdict=Verdict.WRONG, reason=said.message) for one in outputs)
        if any(finding.code == "not-deterministic" for finding in findings):
            outputs = tuple(replace(one, verdict=Verdict.UNDECIDED, reason=findings[0].message) for one in outputs)
        earned = sum(one.verdict is not Verdict.WRONG for one in outputs) / len(outputs)
        return TaskReport(
            name=unit.name,
            verdict=Verdict.worst([one.verdict for one in outputs]),
            score=earned,
            max_score=1.0,
            line=unit.line,
            outputs=outputs,
            findings=tuple(finding if finding.line else replace(finding, line=unit.line) for finding in findings),
            steps=self.steps.get(unit.name, ()),
        )

    def _failed(self, unit: Unit, attempt: Attempt) -> TaskReport | None:
        """A gradient function that did not run in any reading; None where that may be our fault."""
        part, result = attempt.failed or (harness.VALUE, CallResult(outcome=Outcome.VALUE))
        function = self._function(unit)
        if unit.is_declared and not (function is not None and function.is_unfinished):
            given = None if attempt.failed is None else result
            reading, timeout = attempt.reading, self.caller.timeout
            finding, is_wrong = uncallable(unit, reading, attempt.failed_at, part, given, timeout)
            report = _not_run(unit, finding)
            outputs = tuple(replace(one, verdict=Verdict.WRONG) for one in report.outputs)
            return replace(report, verdict=Verdict.WRONG, outputs=outputs) if is_wrong else report
        if function is not None and function.is_unfinished:
            message = f"{unit.name} is not written yet."
            finding = Finding("not-implemented", message, Certainty.OBSERVED, "Write its body.", line=unit.line)
            return _not_run(unit, finding)
        if part != harness.GRADIENT or result.outcome is Outcome.REFUSED:
            return None
        finding_or_none = failure(result, unit.name, self.caller.timeout)
        if finding_or_none is None:
            return None
        error = result.error
        if error is not None and error.builtin == "NotImplementedError":
            return _not_run(unit, finding_or_none)
        own_place = result.place is not None
        if error is None or not own_place or not _is_own_fault(error.builtin, error.message, attempt):
            return None
        report = _not_run(unit, finding_or_none)
        outputs = tuple(replace(one, verdict=Verdict.WRONG) for one in report.outputs)
        return replace(report, verdict=Verdict.WRONG, outputs=outputs)

    def _function(self, unit: Unit) -> Function | None:
        owner, _, name = unit.name.rpartition(".")
        if owner and owner in self.facts.classes:
            return self.facts.classes[owner].methods.get(name)
        return self.facts.functions.get(name)

    def _faults(self, unit: Unit, run: TaskRun) -> list[Finding]:
        if run.is_right:
            return []
        if self._is_unsteady(run):
            message = f"{unit.name} gives other values each time, also with the same seed of NumPy's generator."
            return [Finding("not-deterministic", message, Certainty.OBSERVED, outputs=_gradients(run))]
        findings = self._derived(unit, run) or explain(run, unit.name)
        if self.budget > 0 and (first := self.locator.follows(run)):
            other, repair = first
            names = tuple(name for name in _gradients(run) if not _is_right(run, name))
            return [following(self.found[other.task.name], other.task.name, repair, names)]
        if self.budget > 0 and not any(finding.code == "not-implemented" for finding in findings):
            findings = self.locator.watch(run, findings)
            if (other_run := self.locator.unmended(run)) is not None:
                hint = f"{unit.name} calls {other_run.task.name}, which is wrong itself: mend that first."
                findings = [replace(finding, hint=hint) for finding in findings]
            elif mended := self.locator.repair(run, findings):
                findings = with_repair(findings, mended, _penalised(run))
        if unit.nature is not Nature.LOSS and self._is_elementwise(run):
            findings = [of_an_activation(finding, run) for finding in findings]
        if unit.nature is Nature.LOSS and self.budget > 0 and (wrong_loss := self._wrong_loss(unit, run, findings)):
            findings = [wrong_loss]
        findings = [in_an_activation(finding) for finding in findings]
        findings.sort(key=lambda finding: finding.code in {"unknown", "wrong-shape"})
        self.found[run.task.name] = findings
        return findings

    def _strange_loss(self, unit: Unit, run: TaskRun) -> Finding | None:
        """What is said of a loss that its own gradient fits, and that is none of the known ones it looks like."""
        form = self.forms.get(unit.name)
        said = known_losses.finding(form, unit.known, unit.line) if form is not None else None
        if said is None and form is None and unit.nature is Nature.LOSS and self._is_negative_entropy(unit, run):
            message = f"{unit.value_name} is negative: it looks like the negative of a cross-entropy, which never is."
            hint = "Put the minus before the sum of logarithms, unless it is to be maximised."
            said = Finding("wrong-loss", message, Certainty.OBSERVED, hint, Severity.NOTE, line=unit.line)
        if said is None:
            return None
        severity = Severity.FAULT if self.known_losses_only else Severity.NOTE
        return replace(said, severity=severity, outputs=_gradients(run))

    def _is_negative_entropy(self, unit: Unit, run: TaskRun) -> bool:
        """Is a loss that takes logarithms below 0 at every probe?"""
        values = [trial.probe.value for trial in run.trials if isinstance(trial.probe, MeasuredProbe)]
        owner = unit.name.rpartition(".")[0]
        methods = self.facts.classes[owner].methods.values() if owner in self.facts.classes else ()
        losses = re.compile("loss|cost|entropy", re.I)
        involved = [
            *methods,
            *(one for name, one in self.facts.functions.items() if name in unit.functions or losses.search(name)),
        ]
        has_logarithm = any("log" in function.calls for function in involved)
        return has_logarithm and all(
            value is not None and value.size == 1 and float(value.ravel()[0]) < 0 for value in values
        )

    def _derived(self, unit: Unit, run: TaskRun) -> list[Finding]:
        """What the derivation of a known layer says of it."""
        name = exercise_of(unit)
        exercise = self.derivations(name) if name is not None else None
        if exercise is None:
            return []
        found = derived(run, exercise, self.caller, self.seed)
        self.steps[unit.name] = found.steps
        return list(found.findings)

    def _wrong_loss(self, unit: Unit, run: TaskRun, findings: Sequence[Finding]) -> Finding | None:
        """That the mistake is in the loss: where it is a known wrong one, or where no change of the gradient helps."""
        form = self.forms.get(unit.name)
        is_known = form is not None and (form.is_negated or form.is_softmax_twice)
        if not is_known and any(finding.fix is not None for finding in findings):
            return None
        if not is_known and all(finding.code != "unknown" for finding in findings):
            return None
        found = repaired_loss(unit, run, self.caller, self.budget)
        if found is None and is_known and form is not None and (said := known_losses.finding(form, form.known.value)):
            found = replace(said, severity=Severity.FAULT, outputs=_gradients(run), line=unit.line)
        if found is None:
            return None
        others = [Alternative(one.code, one.message) for one in findings if one.is_fault and one.code != "unknown"]
        return replace(found, alternatives=(*found.alternatives, *others))

    def _is_elementwise(self, run: TaskRun) -> bool:
        """Does each entry of the only input make one entry of the value, as in an activation?"""
        trial = run.trials[0]
        probe = trial.probe
        if not isinstance(probe, MeasuredProbe) or len(probe.measured) != 1 or probe.value is None:
            return False
        (name,) = probe.measured
        array = np.asarray(probe.values[name], dtype=float)
        if array.shape != probe.value.shape or array.size < FEWEST:
            return False
        place = np.unravel_index(array.size // 2, array.shape)
        moved = array.copy()
        moved[place] += 0.37
        inputs = {argument.name: probe.values[argument.name] for argument in run.task.arguments[2].members}
        call = [harness.VALUE, int(probe.values["case#"]), {**inputs, name: moved}]
        result = self.caller.student.call(run.function.name, call, timeout=self.caller.timeout)
        value = as_array(result.value) if result.outcome is Outcome.VALUE else None
        if value is None or value.shape != probe.value.shape:
            return False
        changed = np.argwhere(np.abs(value - probe.value) > 0)
        return changed.shape[0] == 1 and tuple(changed[0]) == tuple(int(one) for one in place)

    def _is_unsteady(self, run: TaskRun) -> bool:
        trial = next(trial for trial in run.trials if not trial.is_right)
        results = [self.caller.call(run.function.name, run.binding, trial.probe.values) for _ in range(2)]
        judged = [
            {one.output.name: one.returned.array for one in trial.probe.judged(result.value)} for result in results
        ]
        return any(
            a is not None and b is not None and not np.allclose(a, b, rtol=1e-9, equal_nan=True)
            for a, b in ((judged[0].get(name), judged[1].get(name)) for name in judged[0])
        )

    def _left_alone(self, reports: dict[str, TaskReport]) -> Iterator[LeftAlone]:
        """Functions that look like gradients, or that a rule recognised, and that were not judged."""
        taken = {name for unit, _ in self.chosen.values() if unit.name in reports for name in unit.functions}
        looking = {function.full_name: function for function in may_be_gradients(self.facts)}
        for unit, _ in self.chosen.values():
            function = self._function(unit)
            if function is not None and not all(reading.is_guess for reading in unit.readings):
                looking.setdefault(unit.name, function)
        for name, function in sorted(looking.items(), key=lambda one: one[1].line):
            if name not in reports and name not in taken:
                yield LeftAlone(name, function.line, self._why(name, function))

    def _why(self, name: str, function: Function) -> str:
        """Why a function was not judged: what its rule says, or else what failed."""
        if name not in self.chosen:
            return reason(function, None)
        unit, attempt = self.chosen[name]
        known = unit.left_alone or (unit.doubt if attempt.failed is None else "")
        return known or reason(function, attempt)


def units_of(facts: Facts) -> Iterator[Unit]:
    """What the rules recognise, rule by rule; nothing is guessed of a function of which somebody said what it is.

    Raises:
        UsageError: what was said does not fit the file.
    """
    declared = {declaration.gradient.name for declaration in facts.declared}
    for find in RULES:
        yield from (unit for unit in find(facts) if unit.is_declared or unit.name not in declared)


def _reached_gradient(attempt: Attempt) -> bool:
    return attempt.failed is not None and attempt.failed[0] == harness.GRADIENT


def _is_own_fault(builtin: str, message: str, attempt: Attempt) -> bool:
    """Is an exception the student's mistake, not that of our reading or of a file that is missing?"""
    if builtin in FALL_SHORT or builtin in {"TypeError", "KeyError", "AttributeError", "IndexError"}:
        return False
    return not attempt.reading.assumed


def _recognised(unit: Unit, attempt: Attempt, form: LossForm | None) -> Recognised:
    said = [*attempt.reading.assumed, *([] if form is None else [f"the loss: {form.sentence}"])]
    if attempt.convention is not None:
        said.append(attempt.convention.text)
    labels = dict.fromkeys(case.label for case in attempt.reading.cases if case.label)
    if labels:
        said.append(f"checked with {', '.join(labels)}")
    return Recognised(
        name=unit.name,
        line=unit.line,
        value_name=unit.value_name,
        nature=str(unit.nature),
        rule=unit.rule,
        layout=attempt.reading.label,
        assumed=tuple(said),
    )


def _gradients(run: TaskRun) -> tuple[str, ...]:
    return tuple(output.name for output in run.task.outputs if output.name != VALUE)


def _is_right(run: TaskRun, name: str) -> bool:
    return all(getattr(trial.of(name), "is_right", False) for trial in run.trials)


def _penalised(run: TaskRun) -> set[str]:
    """The gradients that a regulariser may make wrong: those that are right without one."""
    strengths = [t.probe.regularisation if isinstance(t.probe, MeasuredProbe) else 0.0 for t in run.trials]
    plain = [trial for trial, strength in zip(run.trials, strengths, strict=True) if not strength]
    if len(plain) == len(run.trials):
        return set()
    return {name for name in _gradients(run) if all(getattr(t.of(name), "is_right", False) for t in plain)}


def _output(run: TaskRun, name: str) -> OutputReport:
    """The verdict on one gradient, at the trial where it is wrong, if there is one."""
    seen: list[tuple[Trial, Judged | None]] = [(trial, trial.of(name)) for trial in run.trials]
    trial, one = next((pair for pair in seen if not getattr(pair[1], "is_right", False)), seen[0])
    output = next(output for output in run.task.outputs if output.name == name)
    if one is None or not isinstance(trial.probe, MeasuredProbe):
        return OutputReport(name, output.of, Verdict.WRONG)
    found = trial.probe.measured[output.of]
    verdict = Verdict.RIGHT if one.is_right else Verdict.WRONG
    reason = None
    if not found.is_accurate:
        verdict, reason = Verdict.UNDECIDED, "finite differences of the function itself are too inaccurate here"
    report = OutputReport(name, output.of, verdict, shape=one.shape, entries=one.expected.size, reason=reason)
    if one.comparison is None:
        return replace(report, wrong_entries=one.expected.size)
    error = one.comparison.relative_error
    return replace(
        report,
        relative_error=error,
        tolerance=one.comparison.tolerance,
        wrong_entries=0 if one.is_right else int(one.comparison.wrong.sum()),
        wrong=() if one.is_right else one.comparison.worst(),
        entry_map=one.comparison.entry_map(),
        oracles=Oracles(finite_difference=error),
    )


def _computes_nothing(run: TaskRun) -> bool:
    """Are a function and all its gradients 0 on all probes, as they stand in a starter?"""
    probes = [trial.probe for trial in run.trials]
    values = [probe.value for probe in probes if isinstance(probe, MeasuredProbe)]
    arrays = [one.returned.array for trial in run.trials for one in trial.judged if one.output.name != VALUE]
    is_known = len(values) == len(probes) and all(value is not None for value in values)
    return is_known and not any(array is None or np.any(array) for array in (*values, *arrays))


def _not_run(unit: Unit, finding: Finding) -> TaskReport:
    names = [text for text in (unit.returned[-1] if unit.returned else ()) if text.isidentifier()] or ["gradient"]
    outputs = tuple(OutputReport(name, name, Verdict.NOT_RUN, reason=finding.message) for name in names)
    finding = replace(finding, outputs=tuple(names))
    return TaskReport(unit.name, Verdict.NOT_RUN, 0.0, 1.0, unit.line, outputs, (finding,))


def _notes(run: TaskRun) -> list[Finding]:
    """What is no mistake, but worth a word: a shape, single precision, an argument changed in place."""
    notes = []
    trial = run.trials[0]
    changed = [change.path for change in trial.result.changed if change.argument in {2, 3}]
    for one in trial.judged:
        name = one.output.name
        if name == VALUE or not one.is_right:
            continue
        if one.is_reshaped:
            message = f"{name} has the shape {one.shape} for {one.expected.shape}; the values agree."
            if one.shape == () and one.expected.size > 1:
                message = f"{name} is a single number, which stands for every entry of {one.expected.shape}."
            notes.append(Finding("wrong-shape", message, Certainty.OBSERVED, severity=Severity.NOTE, outputs=(name,)))
        if one.comparison is not None and one.comparison.is_low_precision:
            why = (
                "single precision"
                if one.returned.is_single
                else "single precision within, or an epsilon in a logarithm"
            )
            message = f"{name} is right to {one.comparison.relative_error:.0e} only: {why}."
            notes.append(Finding("low-precision", message, Certainty.OBSERVED, severity=Severity.NOTE, outputs=(name,)))
    if changed:
        names = [path.strip("[]'\"") or "the upstream gradient" for path in changed]
        message = f"It changes what it is given in place: {', '.join(dict.fromkeys(names))}. It was called with copies."
        notes.append(Finding("mutates-input", message, Certainty.OBSERVED, severity=Severity.NOTE))
    return notes
