"""What is said of a wrong gradient that no derivation stands behind: the regulariser, the shape, a common factor."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checkers.compiled_exercise import Case, CompiledExercise, ErrorModel, LoadedExercise
from checkers.diagnosis import diagnose
from checkers.findings import Alternative, Certainty, Family, Finding
from checkers.gradient_diagnosis import repairs
from checkers.scale import common_factor, read
from checkers.task_check import Judged, Probe, TaskRun, Trial
from checkers.tasks import Output

from .measure import Measured
from .probe import VALUE, MeasuredProbe

AnyArray = NDArray[Any]

NOTHING = 1e-9  # of the largest entry: a difference smaller than this is none
HINT = "Compare the loss and the gradient term by term."


def explain(run: TaskRun, name: str) -> list[Finding]:
    """Findings for every gradient that is wrong; each in one of them.

    Args:
        name: of the student's function.
    """
    plain = _without_value(run)
    wrong = _wrong(plain)
    if not wrong:
        return []
    findings = [*_all_zero(plain, wrong, name), *_regulariser(plain, wrong), *_shapes(plain, wrong)]
    explained = {output for finding in findings for output in finding.outputs}
    if set(wrong) <= explained:
        return findings
    rest = [finding for finding in diagnose(plain, _no_model(plain)) if not set(finding.outputs) <= explained]
    return [*findings, *(_retold(finding, explained) for finding in rest)]


def _retold(finding: Finding, explained: set[str]) -> Finding:
    """A finding of the exercises' diagnosis in the words that fit a file without a handout."""
    outputs = tuple(name for name in finding.outputs if name not in explained)
    hint = finding.hint
    if hint is not None and hint.startswith(("Return ", "It should return", "Compare with the derivation")):
        hint = (
            "Compare with the derivative on a single sample, one factor at a time."
            if finding.code == "unknown"
            else None
        )
    message = finding.message.replace("no known mistake gives", "no simple mistake gives")
    return replace(finding, outputs=outputs, hint=hint, message=message)


def _without_value(run: TaskRun) -> TaskRun:
    """The run with its gradients only."""
    outputs = tuple(output for output in run.task.outputs if output.name != VALUE)
    task = replace(run.task, outputs=outputs)
    trials = [
        Trial(
            replace(trial.probe, task=task, values=trial.probe.values | _derivatives(trial.probe, outputs)),
            trial.result,
            tuple(one for one in trial.judged if one.output.name != VALUE),
        )
        for trial in run.trials
    ]
    return TaskRun(task, run.function, run.binding, trials)


def _derivatives(probe: Probe, outputs: Sequence[Output]) -> dict[str, AnyArray]:
    return {output.quantity: probe.expected(output) for output in outputs}


def _no_model(run: TaskRun) -> LoadedExercise:
    """An exercise without a derivation: no mistakes are known but what the numbers themselves say."""
    cases = tuple({_key(trial.probe.case): trial.probe.case for trial in run.trials}.values())
    return LoadedExercise(CompiledExercise("", "", cases), {}, lambda number, task: ErrorModel(), {})


def _key(case: Case) -> str:
    """What tells one case from another: one with its own sizes may have the label of another."""
    return f"{case.label} {case.sizes}"


def _wrong(run: TaskRun) -> list[str]:
    """The outputs that are wrong in some trial."""
    return [
        output.name
        for output in run.task.outputs
        if any(not getattr(trial.of(output.name), "is_right", False) for trial in run.trials)
    ]


def _all_zero(run: TaskRun, wrong: Sequence[str], name: str) -> Iterator[Finding]:
    """Zeros as they stand in a starter."""
    arrays = [one.returned.array for trial in run.trials for one in trial.judged]
    if len(wrong) == len(run.task.outputs) and all(array is not None and not np.any(array) for array in arrays):
        message = f"{name} gives zeros everywhere: it is not written yet."
        yield Finding(
            "not-implemented", message, Certainty.OBSERVED, "Write the function's body.", outputs=tuple(wrong)
        )


# The regulariser ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Terms:
    """What the regulariser adds to a gradient: in the derivative of the own loss, and in what was returned."""

    expected: AnyArray
    yours: AnyArray
    weights: AnyArray | None
    sizes: Mapping[str, int]
    strength: float


def _regulariser(run: TaskRun, wrong: Sequence[str]) -> Iterator[Finding]:
    """Gradients that are right without the regulariser and wrong with it."""
    said: dict[tuple[str, str], list[str]] = {}
    for name in wrong:
        terms = _terms(run, name)
        if terms:
            said.setdefault(_reading(terms), []).append(name)
    for (code, text), names in said.items():
        message = f"{' and '.join(names)}: {text}"
        yield Finding(code, message, Certainty.LIKELY, HINT, outputs=tuple(names))


def _terms(run: TaskRun, name: str) -> list[_Terms]:
    """The terms of an output at each set of sizes; none where it is wrong without the regulariser, too."""
    found = []
    without = {_place(trial): trial for trial in run.trials if _strength(trial) == 0}
    for trial in run.trials:
        strength = _strength(trial)
        plain = without.get(_place(trial))
        if not strength or plain is None:
            continue
        one, other = trial.of(name), plain.of(name)
        if one is None or other is None or not other.is_right or one.comparison is None or other.comparison is None:
            return []
        known = _is_measured(trial, one) & _is_measured(plain, other)
        if not known.any():
            return []
        expected = np.where(known, one.comparison.expected - other.comparison.expected, 0.0)
        yours = np.where(known, one.comparison.yours - other.comparison.yours, 0.0)
        weights = trial.probe.values.get(one.output.of)
        found.append(_Terms(expected, yours, weights, trial.probe.sizes, strength))
    return found


def _is_measured(trial: Trial, one: Judged) -> NDArray[np.bool_]:
    """Which entries of an output are known."""
    if not isinstance(trial.probe, MeasuredProbe):
        return np.ones(one.expected.shape, dtype=bool)
    return np.isfinite(trial.probe.measured[one.output.of].error)


def _strength(trial: Trial) -> float:
    return trial.probe.regularisation if isinstance(trial.probe, MeasuredProbe) else 0.0


def _place(trial: Trial) -> tuple[Any, ...]:
    """What two cases that differ in the regulariser only have in common."""
    probe = trial.probe
    shapes = tuple((name, np.shape(value)) for name, value in probe.values.items() if not name.endswith("#"))
    return (*sorted(probe.sizes.items()), *shapes)


def _reading(terms: Sequence[_Terms]) -> tuple[str, str]:
    """Code and message."""
    size = max(float(np.max(np.abs(t.yours), initial=0.0) + np.max(np.abs(t.expected), initial=0.0)) for t in terms)
    has_yours = any(np.max(np.abs(t.yours), initial=0.0) > 1e-6 * size for t in terms)
    has_expected = any(np.max(np.abs(t.expected), initial=0.0) > 1e-6 * size for t in terms)
    if not has_yours:
        return "regulariser-missing", "the loss has a regularisation term, the gradient has none."
    if not has_expected:
        is_bias = all(t.expected.ndim <= 1 or 1 in t.expected.shape for t in terms)
        code = "regulariser-on-bias" if is_bias else "regulariser-missing"
        return code, "the gradient has a regularisation term that the loss has not."
    factors = [common_factor(_flat(t.yours), _flat(t.expected), near=1e-4) for t in terms]
    known = [factor for factor in factors if factor is not None]
    if len(known) < len(terms):
        return "regulariser-form", "its regularisation term is no multiple of the derivative of the loss's own."
    scale = read(known, [t.sizes for t in terms])
    if scale is None:
        return "regulariser-factor", "its regularisation term has another factor than the derivative of the loss's own."
    text = f"its regularisation term is {scale.text} times the derivative of the loss's own."
    if scale.powers:
        return "regulariser-scaled", text
    return ("regulariser-sign" if scale.number == -1 else "regulariser-factor"), text


def _flat(array: AnyArray) -> AnyArray:
    return np.asarray(np.nan_to_num(np.asarray(array, dtype=float)).ravel())


# Activations ----------------------------------------------------------------------------------------------------------

# What an edit or the numbers are called elsewhere, where it is made in the derivative of an activation.
OF_A_DERIVATIVE = frozenset(
    [
        "unknown",
        "wrong-power",
        "term-missing",
        "term-sign",
        "chain-factor-missing",
        "hadamard",
        "precedence",
        "wrong-operand",
        "wrong-count",
        "sum-missing",
    ]
)


# 1 - a**2, a * (1 - a), (z > 0): how the derivative of an activation is written where no function has its name.
_IN_PLACE = re.compile(
    r"1(?:\.0?)?\s*-\s*(?:np\.)?(?:power|square|tanh)\s*\([^()]*(?:\([^()]*\))?[^()]*\)(?:\s*\*\*\s*2)?"
    r"|1(?:\.0?)?\s*-\s*[\w.]+(?:\[[^\]]*\])?\s*\*\*\s*2"
    r"|1(?:\.0?)?\s*-\s*([\w.]+(?:\[[^\]]*\])?)\s*\*\s*\1"
    r"|[\w.]+(?:\[[^\]]*\])?\s*\*\s*\(\s*1(?:\.0?)?\s*-\s*[\w.]+(?:\[[^\]]*\])?\s*\)"
    r"|\(?[\w.]+(?:\[[^\]]*\])?\s*[<>]=?\s*0"
    r"|\w*(?:deriv|prime|_der|grad)\w*\([^()]*\)"
)


def in_an_activation(finding: Finding) -> Finding:
    """A finding whose change lies within an activation's derivative, by what it is there."""
    if finding.source is None or finding.fix is None or finding.family in {Family.ACTIVATION, Family.REGULARISER}:
        return finding
    was, becomes = finding.source, finding.fix
    start = next((i for i, (a, b) in enumerate(zip(was, becomes, strict=False)) if a != b), min(len(was), len(becomes)))
    after = next((i for i, (a, b) in enumerate(zip(was[::-1], becomes[::-1], strict=False)) if a != b), 0)
    ends = [max(len(text) - after, start) for text in (was, becomes)]
    inside = [
        any(match.start() <= start and end <= match.end() for match in _IN_PLACE.finditer(text))
        for text, end in zip((was, becomes), ends, strict=True)
    ]
    if not any(inside):
        return finding
    code = "activation-argument" if finding.code in {"wrong-operand", "wrong-index"} else "activation-derivative"
    if finding.code in {"chain-factor-missing", "term-missing"} and not inside[0]:
        code = "activation-missing"
    message = f"The activation's derivative is not that of the forward. {finding.message}"
    return replace(
        finding,
        code=code,
        message=message,
        alternatives=(Alternative(finding.code, finding.message), *finding.alternatives),
    )


def of_an_activation(finding: Finding, run: TaskRun) -> Finding:
    """A finding about the backward of a function that works entry by entry: its derivative is at fault."""
    if finding.code not in OF_A_DERIVATIVE or not finding.is_fault:
        return finding
    trial = next(trial for trial in run.trials if not trial.is_right)
    one = next(one for one in trial.judged if one.output.name != VALUE)
    upstream, array = np.asarray(trial.probe.values["upstream#"]), one.returned.array
    name = one.output.name
    if array is not None and array.shape == upstream.shape and np.allclose(array, upstream) and np.any(upstream != 1):
        message, code = (
            f"{name} is the upstream gradient itself: the factor of the derivative is missing.",
            "activation-missing",
        )
    elif finding.code == "wrong-operand":
        message, code = (
            f"The derivative is taken at another argument than the forward's. {finding.message}",
            "activation-argument",
        )
    else:
        message, code = f"The derivative is not that of the forward. {finding.message}", "activation-derivative"
    others = () if finding.code == "unknown" else (Alternative(finding.code, finding.message),)
    certainty = Certainty.LIKELY if finding.code == "unknown" else finding.certainty
    return replace(
        finding, code=code, message=message, certainty=certainty, alternatives=(*others, *finding.alternatives)
    )


# Shapes ---------------------------------------------------------------------------------------------------------------


def _shapes(run: TaskRun, wrong: Sequence[str]) -> Iterator[Finding]:
    """Gradients that would be right transposed, or summed over an axis that they still have."""
    for name in wrong:
        readings = [_mended(trial, trial.of(name)) for trial in run.trials]
        if readings and readings[0] is not None and all(one == readings[0] for one in readings):
            code, message = readings[0]
            yield Finding(code, f"{name}: {message}", Certainty.LIKELY, outputs=(name,))


def _mended(trial: Trial, one: Judged | None) -> tuple[str, str] | None:
    """Code and message of the change of shape that makes an output right at a trial."""
    probe = trial.probe
    if one is None or one.returned.array is None or not isinstance(probe, MeasuredProbe):
        return None
    found = probe.measured[one.output.of]
    array, shape = np.asarray(one.returned.array, dtype=float), found.value.shape
    if array.shape == shape and array.ndim == 2 and shape[0] == shape[1] and _is_right(array.T, found, probe, one):
        return "transposed", "it is the transpose of the right one."
    for repair in repairs(array, shape) if array.shape != shape else ():
        if repair.code is not None and _is_right(repair.array, found, probe, one):
            return repair.code, repair.message[0].lower() + repair.message[1:]
    if array.shape != shape and array.ndim < len(shape) and _is_summed(array, found, probe, one):
        return "sum-extra", "it is summed over an axis that belongs to the gradient."
    return None


def _is_right(array: AnyArray, found: Measured, probe: MeasuredProbe, one: Judged) -> bool:
    expected = probe.expected(one.output)
    known = np.isfinite(found.error)
    return array.shape == expected.shape and bool(
        np.allclose(array[known], expected[known], rtol=1e-6, atol=1e-8 * found.largest)
    )


def _is_summed(array: AnyArray, found: Measured, probe: MeasuredProbe, one: Judged) -> bool:
    expected = probe.expected(one.output)
    if not found.is_whole:
        return False
    sums = [expected.sum(axis=axis) for axis in range(expected.ndim)] + [expected.sum()]
    return any(
        s.shape == array.shape and np.allclose(s, array, rtol=1e-6, atol=1e-8 * found.largest)
        for s in map(np.asarray, sums)
    )
