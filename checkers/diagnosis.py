"""From a wrong result to findings: what the numbers say happened, and only that.

In this order: values that are missing or not finite, outputs in each other's place, one mistake for all outputs, one
for each, a common factor, a mistake and a factor, two mistakes, the shape, and at last unknown, with what is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .comparison import compare
from .compiled_exercise import LoadedExercise
from .findings import Alternative, Certainty, Finding
from .fingerprint import NOTHING, Explanation, Fingerprint, Observation
from .returned import how_to_return
from .scale import Scale, common_factor, read
from .task_check import Judged, TaskRun, Trial
from .wrong_entries import where_wrong

AnyArray = NDArray[Any]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A finding whose outputs may still be joined by others of which the same is true.

    Attributes:
        text: the message, with {names} for the outputs, {is_} for is or are, and {it} for it or they.
    """

    finding: Finding
    text: str

    def about(self, names: tuple[str, ...]) -> Finding:
        """The finding about these outputs."""
        one = len(names) == 1
        text = self.text.replace("{names}", _listing(names))
        message = text.replace("{is_}", "is" if one else "are").replace("{it}", "it" if one else "they")
        return replace(self.finding, message=message, outputs=names)


def diagnose(run: TaskRun, loaded: LoadedExercise) -> tuple[Finding, ...]:
    """Findings for every output that came back wrong: each output in one of them, or in two if two mistakes made it.

    Of several cases, the one with the most wrong outputs is looked at first: it shows a mistake at all its places.
    """
    by_case: dict[str, list[Trial]] = {}
    for trial in run.trials:
        if not trial.failed:
            by_case.setdefault(trial.probe.case.label, []).append(trial)
    drafts: list[_Draft] = []
    leftover: dict[str, tuple[Judged, Trial]] = {}
    for trials in sorted(by_case.values(), key=lambda trials: -len(_wrong(trials))):
        left = _unexplained(_wrong(trials), drafts)
        # Two mistakes at once are looked for where they show most; another case would only cost time.
        drafts += _explained(left, trials, run, loaded, is_first=not drafts and not leftover) if left else []
        for one in _unexplained(left, drafts):
            leftover.setdefault(one.output.name, (one, next(t for t in trials if t.of(one.output.name) is one)))
    rest = _unexplained([one for one, _ in leftover.values()], drafts)
    return _joined([*drafts, *(_unknown(*leftover[one.output.name]) for one in rest if one.comparison is not None)])


def _joined(drafts: Sequence[_Draft]) -> tuple[Finding, ...]:
    """One finding for all outputs of which the same is said."""
    same: dict[tuple[str, str, Certainty], list[_Draft]] = {}
    for draft in drafts:
        same.setdefault((draft.finding.code, draft.text, draft.finding.certainty), []).append(draft)
    return tuple(
        group[0].about(tuple(dict.fromkeys(name for draft in group for name in draft.finding.outputs)))
        for group in same.values()
    )


def _wrong(trials: Sequence[Trial]) -> list[Judged]:
    """The outputs that are wrong in one of the trials of a case, each once."""
    found: dict[str, Judged] = {}
    for trial in trials:
        for one in trial.judged:
            if not one.is_right:
                found.setdefault(one.output.name, one)
    return list(found.values())


def _explained(
    wrong: list[Judged], trials: list[Trial], run: TaskRun, loaded: LoadedExercise, *, is_first: bool
) -> list[_Draft]:
    """Findings for what can be named in one case."""
    findings = [*_without_value(wrong, run), *_not_finite(wrong, trials[0]), *_whole_numbers(wrong)]
    left = _unexplained(wrong, findings)
    if left:
        moved = _by_order(left, trials)
        # One output in another's place may be a term left out; two are in the wrong order.
        findings += moved if moved and len(moved[0].finding.outputs) > 1 else []
        left = _unexplained(wrong, findings)
        findings += _by_numbers(left, trials, loaded, is_first=is_first) if left else []
        findings += _by_order(_unexplained(wrong, findings), trials)
        findings += _by_shape(_unexplained(wrong, findings))
    return findings


def _unexplained(wrong: Sequence[Judged], drafts: Sequence[_Draft]) -> list[Judged]:
    explained = {name for draft in drafts for name in draft.finding.outputs}
    return [one for one in wrong if one.output.name not in explained]


# No value -------------------------------------------------------------------------------------------------------------


def _without_value(wrong: Sequence[Judged], run: TaskRun) -> list[_Draft]:
    empty = [one for one in wrong if one.returned.array is None]
    if empty and len(empty) == len(run.task.outputs) and all(one.returned.problem == "is None" for one in empty):
        names = tuple(one.output.name for one in empty)
        message = f"{run.task.name} returns nothing."
        return [_observed("not-implemented", message, names, f"It should return {', '.join(names)}.")]
    return [
        _observed(
            "not-implemented" if one.returned.problem == "is None" else "wrong-shape",
            f"{one.output.name} {one.returned.problem}.",
            (one.output.name,),
            how_to_return(run.task),
        )
        for one in empty
    ]


def _not_finite(wrong: Sequence[Judged], trial: Trial) -> list[_Draft]:
    bad = [one for one in wrong if one.returned.array is not None and not np.all(np.isfinite(one.returned.array))]
    if not bad:
        return []
    names = tuple(one.output.name for one in bad)
    kinds = "NaN" if any(np.isnan(_array(one)).any() for one in bad) else "inf"
    warned = next((w for w in trial.result.warnings if w.line is not None), None)
    why = f" NumPy warned: {warned.message}." if warned else ""
    message = (
        f"{_listing(names)} {'has' if len(names) == 1 else 'have'} entries that are {kinds}, on ordinary data.{why}"
    )
    hint = "Look for a division by 0, a logarithm of 0 and an exponential of something large."
    return [_observed("not-finite", message, names, hint, line=warned.line if warned else None)]


def _whole_numbers(wrong: Sequence[Judged]) -> list[_Draft]:
    """Integers where fractions belong: an array of integers cuts off what is put into it."""
    cut = [
        one.output.name
        for one in wrong
        if one.returned.is_integer and one.comparison is not None and np.any(one.expected != np.round(one.expected))
    ]
    text = "{names} {is_} of whole numbers: everything behind the point was cut off."
    hint = "An array made of integers keeps integers: np.zeros(...) for [0] * n, and no dtype=int."
    return [_draft("integer-dtype", text, Certainty.OBSERVED, tuple(cut), hint)] if cut else []


def _array(one: Judged) -> AnyArray:
    return np.zeros(0) if one.returned.array is None else one.returned.array


# Outputs in each other's place ---------------------------------------------------------------------------------------


def _by_order(left: Sequence[Judged], trials: Sequence[Trial]) -> list[_Draft]:
    """Outputs that are right values of other outputs, as when two are returned in the wrong order."""
    found: dict[str, str] = {}
    for one in left:
        for other in trials[0].judged:
            if other.output.name != one.output.name and all(
                _is_value_of(trial, one.output.name, other.output.name) for trial in trials
            ):
                found.setdefault(one.output.name, other.output.name)
    if not found:
        return []
    places = _listing(tuple(f"{name} is what {other} should be" for name, other in found.items()))
    hint = how_to_return(trials[0].probe.task)
    # Entries of a dict are told apart by their keys' numbers.
    is_entry = any(one.output.group for one in left if one.output.name in found)
    return [_draft("wrong-index" if is_entry else "wrong-operand", f"{places}.", Certainty.LIKELY, tuple(found), hint)]


def _is_value_of(trial: Trial, name: str, other: str) -> bool:
    one, place = trial.of(name), trial.of(other)
    if one is None or place is None or one.returned.array is None or place.expected.size < 2:
        return False
    array = one.returned.array
    return array.shape == place.expected.shape and compare(array, place.expected).is_right


# The error model ------------------------------------------------------------------------------------------------------


def _by_numbers(
    left: Sequence[Judged], trials: Sequence[Trial], loaded: LoadedExercise, *, is_first: bool
) -> list[_Draft]:
    """One mistake for all; one for each output, or a factor; a mistake and a factor; two mistakes; what can be had."""
    probe = trials[0].probe
    model = loaded.load_errors(loaded.exercise.cases.index(probe.case), probe.task.name)
    observations = [Observation(trial.probe.values, trial.probe.sizes, trial.arrays) for trial in trials]
    names = tuple(one.output.name for one in left)
    seen = [name for name in names if all(name in o.returned for o in observations)]
    fingerprint = Fingerprint(model, probe.task, observations)
    together = fingerprint.together(names)
    if together:
        return [_likely(together, names)]
    factors = _by_factor(left, trials)
    if len(_unexplained(left, factors)) == 0 and len(factors) == 1:
        return factors
    apart = _apart(left, fingerprint)
    apart += _by_factor(_unexplained(left, apart), trials)
    if not _unexplained(left, apart) and len(apart) <= SIMPLE:
        return apart
    return (is_first and _in_two(fingerprint, tuple(seen), names)) or apart


# As many findings as two mistakes make: one for each output is then as simple as a pair.
SIMPLE = 2


def _apart(left: Sequence[Judged], fingerprint: Fingerprint) -> list[_Draft]:
    """A mistake for each output on its own."""
    found: dict[str, tuple[Explanation, tuple[str, ...]]] = {}
    for one in left:
        explanation = fingerprint.alone(one.output.name, one.output.quantity)
        if explanation:
            code = explanation.variants[0].code
            first, others = found.get(code, (explanation, ()))
            found[code] = (first, (*others, one.output.name))
    return [_likely(explanation, names) for explanation, names in found.values()]


def _in_two(fingerprint: Fingerprint, seen: tuple[str, ...], names: tuple[str, ...]) -> list[_Draft]:
    """Two mistakes at once, if all that is wrong follows from them."""
    if len(seen) < len(names):
        return []
    scaled = fingerprint.scaled(names)
    if scaled is not None:
        explanation, scale, multiples = scaled
        return [_likely(explanation, _within(names, explanation)), *_factor(scale, multiples)]
    pair = fingerprint.pair(names)
    return [_likely(one, _within(names, one)) for one in pair] if pair else []


def _within(names: tuple[str, ...], explanation: Explanation) -> tuple[str, ...]:
    return tuple(name for name in names if name in explanation.outputs) or names


def _likely(explanation: Explanation, names: tuple[str, ...]) -> _Draft:
    """The likeliest of the variants that give the same numbers, the others beside it."""
    best = explanation.variants[0]
    others: dict[str, Alternative] = {}
    for variant in explanation.variants[1:]:
        if variant.code != best.code:
            others.setdefault(variant.code, Alternative(variant.code, f"{_listing(names)}: {_inside(variant.message)}"))
    certainty = Certainty.LIKELY if explanation.is_clear else Certainty.AMBIGUOUS
    draft = _draft(best.code, "{names}: " + _inside(best.message), certainty, names, best.hint)
    return replace(draft, finding=replace(draft.finding, step=best.step, alternatives=tuple(others.values())))


def _inside(message: str) -> str:
    """A message behind a colon: "The" becomes "the"; W2, X and Y_hat are names."""
    first = message.split(maxsplit=1)[0]
    is_word = first in {"A", "An"} or (len(first) > 1 and first[1:].isalpha() and first[1:].islower())
    return message[0].lower() + message[1:] if is_word else message


def _listing(names: tuple[str, ...]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


# A common factor ------------------------------------------------------------------------------------------------------

SMALLEST_FACTOR = 1e-4


def _by_factor(left: Sequence[Judged], trials: Sequence[Trial]) -> list[_Draft]:
    readings: dict[Scale, list[str]] = {}
    for one in left:
        seen = [trial.of(one.output.name) for trial in trials]
        factors = [
            common_factor(j.comparison.yours, j.comparison.expected) for j in seen if j is not None and j.comparison
        ]
        known = [factor for factor in factors if factor is not None]
        scale = read(known, [trial.probe.sizes for trial in trials]) if len(known) == len(trials) else None
        # A factor of 1.0000005 says nothing of what happened.
        if scale is not None and (scale.powers or abs(scale.number - 1) > SMALLEST_FACTOR):
            readings.setdefault(scale, []).append(one.output.name)
    return [finding for scale, names in readings.items() for finding in _factor(scale, tuple(names))]


def _factor(scale: Scale, names: tuple[str, ...]) -> list[_Draft]:
    """A finding for each part of a factor: the sign, the number, the sizes."""
    codes = []
    if scale.number < 0:
        codes.append("sign-flipped")
    if scale.powers:
        # The samples are called n in every model that ships.
        codes.append({"n": "mean-missing", "1/n": "mean-twice"}.get(Scale(1.0, scale.powers).text, "wrong-count"))
    if abs(scale.number) != 1:
        codes.append("factor")
    # A number that nobody writes may have come from anywhere; that it is the factor is all that is known.
    certainty = Certainty.LIKELY if scale.is_simple else Certainty.AMBIGUOUS
    text = f"{{names}} {{is_}} {scale.text} times what {{it}} should be."
    return [_draft(code, text, certainty, names, "Check the constants and what is divided by.") for code in codes]


# Shapes, and what is left ---------------------------------------------------------------------------------------------


def _by_shape(left: Sequence[Judged]) -> list[_Draft]:
    findings = []
    for one in left:
        if one.comparison is not None or one.shape is None:
            continue
        name, wanted = one.output.name, one.expected.shape
        is_outer = len(one.shape) == len(wanted) + 1 and set(one.shape) <= set(wanted) | {1}
        code = "broadcast" if is_outer and len(wanted) == 1 else "wrong-shape"
        why = " An (n,) and an (n, 1) make an (n, n)." if code == "broadcast" else ""
        message = f"{name} has the shape {_shape(one.shape)}; it should have {_shape(wanted)}.{why}"
        findings.append(_observed(code, message, (name,), f"Print the shapes of what {name} is computed from."))
    return findings


def _shape(shape: tuple[int, ...]) -> str:
    return str(shape) if shape else "that of a single number"


def _unknown(one: Judged, trial: Trial) -> _Draft:
    """What is known of an output that no mistake gives: which entries are wrong."""
    wrong = np.ones(1, dtype=bool) if one.comparison is None else one.comparison.wrong
    count, total = int(wrong.sum()), wrong.size
    where = where_wrong(wrong, one.output, trial.probe)
    if np.abs(_array(one)).max(initial=0.0) <= NOTHING < np.abs(one.expected).max(initial=0.0):
        text = "{names} {is_} 0 everywhere, and should not be."
    elif total == 1:
        text = "{names}: the value is wrong, and no known mistake gives it."
    elif count == total:
        text = "{names}: every entry is wrong, and no known mistake gives these numbers."
    elif where:
        text = f"{{names}}: the wrong entries are {where}, and no known mistake gives these numbers."
    else:
        text = f"{{names}}: {count} of {total} entries are wrong, and no known mistake gives these numbers."
    hint = "Compare with the derivation's step, one factor at a time, on a single sample."
    return _draft("unknown", text, Certainty.OBSERVED, (one.output.name,), hint)


def _observed(code: str, message: str, names: tuple[str, ...], hint: str, line: int | None = None) -> _Draft:
    draft = _draft(code, message, Certainty.OBSERVED, names, hint)
    return replace(draft, finding=replace(draft.finding, line=line))


def _draft(code: str, text: str, certainty: Certainty, names: tuple[str, ...], hint: str) -> _Draft:
    return _Draft(Finding(code, "", certainty, hint, outputs=names), text)
