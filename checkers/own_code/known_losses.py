"""Which known loss a student's own loss is: a check against their own loss cannot see that the loss is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checkers.findings import Certainty, Finding, Severity

from .units import LossInputs, Reading

AnyArray = NDArray[Any]

# Losses are sums of up to a hundred terms, some with a guard such as log(p + 1e-12).
SAME = 1e-7


class Known(StrEnum):
    """A loss by what it is called."""

    SOFTMAX = "softmax cross-entropy"
    SVM = "the multi-class SVM loss with margin 1"
    BINARY = "binary cross-entropy"
    HINGE = "the hinge loss"
    LOGISTIC = "the logistic loss of labels -1 and 1"
    SQUARED = "the squared error"
    CROSS_ENTROPY = "cross-entropy of probabilities"
    ABSOLUTE = "the absolute error"


class Average(StrEnum):
    """What the sum over the samples is divided by."""

    MEAN = "mean"
    HALF_MEAN = "half of the mean"
    ENTRIES = "mean over all entries"
    HALF_ENTRIES = "half of the mean over all entries"
    SUM = "sum"
    HALF_SUM = "half of the sum"


ANY_LOSS = "a loss"
_ENTROPIES = frozenset([Known.SOFTMAX.value, Known.CROSS_ENTROPY.value, Known.BINARY.value])
SUMS = frozenset([Average.SUM, Average.HALF_SUM])


@dataclass(frozen=True, slots=True)
class LossForm:
    """A known loss in one of its forms.

    Attributes:
        strength: the factor of reg |W|^2; None where it cannot be told, as reg is 0 or there is none.
        divided: is the regulariser divided by the number of samples?
    """

    known: Known
    average: Average
    strength: float | None = None
    divided: bool = False
    is_negated: bool = False
    is_softmax_twice: bool = False

    @property
    def sentence(self) -> str:
        """What it is: "this is softmax cross-entropy, mean, plus 0.5 reg |W|^2"."""
        parts = [f"this is {'the negative of ' if self.is_negated else ''}{self.known.value}"]
        if self.is_softmax_twice:
            parts.append("with softmax applied twice")
        parts.append(self.average.value)
        if self.strength:
            per = " / n" if self.divided else ""
            parts.append(f"plus {'' if self.strength == 1 else f'{self.strength:g} '}reg |W|^2{per}")
        return ", ".join(parts)


def identify(value: float, values: Mapping[str, AnyArray], inputs: LossInputs, reg: float = 0.0) -> list[LossForm]:
    """The forms of known losses that have the student's value at one probe, likeliest first.

    Args:
        values: the arrays that the student's function was called with.
        reg: the regulariser's strength in this case.

    >>> x, y = np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([0, 1])
    >>> [form.sentence for form in identify(1.507337483, {"x": x, "y": y}, LossInputs("y", "x"))]
    ['this is softmax cross-entropy, mean']
    """
    truth = np.asarray(values[inputs.labels])
    penalties = list(_penalties(values, inputs, reg, len(np.atleast_1d(truth)) if truth.ndim < 2 else truth.shape[0]))
    found = []
    for known, terms, twice in _terms(values, inputs):
        for average, data in _averages(terms, known):
            for strength, divided, penalty in penalties:
                for sign in (1.0, -1.0):
                    expected = sign * data + penalty
                    if abs(value - expected) <= SAME * max(abs(data), abs(expected)) and data:
                        found.append(LossForm(known, average, strength, divided, sign < 0, twice))
    return found


def identified(
    observations: Sequence[tuple[float, Mapping[str, AnyArray], float]], inputs: LossInputs
) -> LossForm | None:
    """The form that a loss has at every probe: (its value, the arrays, reg). None where there is none."""
    common: list[LossForm] | None = None
    for value, values, reg in observations:
        forms = identify(value, values, inputs, reg)
        if common is None:
            common = forms
        else:
            common = [merged for one in common for other in forms if (merged := _merged(one, other)) is not None]
    return common[0] if common else None


def is_plain(reading: Reading, number: int) -> bool:
    """Has a case of a reading all its options at their first values, but for the regulariser's strength?"""
    strength = reading.loss.regularisation if reading.loss else ""
    first = {name: text for name, text in reading.cases[0].options.items() if name != strength}
    return first == {name: text for name, text in reading.cases[number].options.items() if name != strength}


def _merged(one: LossForm, other: LossForm) -> LossForm | None:
    """Both forms in one, where they differ in nothing but that one cannot tell the regulariser."""
    same = ("known", "average", "is_negated", "is_softmax_twice")
    if any(getattr(one, name) != getattr(other, name) for name in same):
        return None
    if one.strength is None or other.strength is None:
        return one if other.strength is None else other
    return one if (one.strength, one.divided) == (other.strength, other.divided) else None


def finding(form: LossForm, promised: str | None, line: int | None = None) -> Finding | None:
    """What is wrong with a loss that is not what its name promises; None where nothing is.

    Args:
        promised: what `promised_by` says that the name promises; None where it promises nothing.
    """
    if promised not in {form.known.value, ANY_LOSS} and not (promised in _ENTROPIES and form.known.value in _ENTROPIES):
        return None
    message, hint = "", ""
    if form.is_negated:
        message = f"Your loss is the negative of {form.known.value}: it falls where the classifier gets worse."
        hint = "Put the minus before the logarithm's sum."
        if form.known in {Known.SVM, Known.HINGE, Known.SQUARED, Known.ABSOLUTE}:
            hint = "Leave the minus out."
    elif form.is_softmax_twice:
        message = "Softmax is applied twice: its probabilities go through softmax again before the logarithm."
        hint = "Hand the scores to the function that applies softmax, not the probabilities."
    elif form.average in SUMS and promised != ANY_LOSS and form.known in {Known.SOFTMAX, Known.SVM}:
        message = f"Your loss is the sum over the samples, where {form.known.value} is usually their mean."
        hint = "Divide the loss and the gradient by the number of samples, if the mean is asked for."
    return Finding("wrong-loss", message, Certainty.OBSERVED, hint, Severity.NOTE, line=line) if message else None


def promised_by(name: str, doc: str = "") -> str | None:
    """The known loss that a function's name promises, or its docstring where the name tells none, or just any loss.

    >>> promised_by("softmax_loss_naive"), promised_by("step")
    ('softmax cross-entropy', None)
    """
    for text in (name, doc.split("\n\n", maxsplit=1)[0]):
        plain = re.sub(r"[_\W]", "", text).lower()
        for pattern, known in _PROMISES:
            if re.search(pattern, plain):
                return known.value
    return ANY_LOSS if re.search(r"(loss|cost|error|objective)", name.lower()) else None


_PROMISES = (
    (r"softmax", Known.SOFTMAX),
    (r"categoricalcross", Known.CROSS_ENTROPY),
    (r"binarycross|^bce|logloss|logistic", Known.BINARY),
    (r"crossentropy", Known.CROSS_ENTROPY),
    (r"^(multiclass)?svm|multiclasshinge", Known.SVM),
    (r"hinge", Known.HINGE),
    (r"^mse|meansquared|squaredloss|squarederror", Known.SQUARED),
)


def _terms(values: Mapping[str, AnyArray], inputs: LossInputs) -> Iterator[tuple[Known, AnyArray, bool]]:
    """Known losses, sample by sample or entry by entry: a row each."""
    truth = np.asarray(values[inputs.labels])
    with np.errstate(all="ignore"):
        if inputs.prediction:
            predicted = np.asarray(values[inputs.prediction], dtype=float)
            if predicted.shape == truth.shape:
                yield from _of_predictions(predicted, truth.astype(float))
            return
        scores, truth = _scores(values, inputs, truth)
        if scores is None:
            return
        if scores.ndim == 2 and scores.shape[1] > 1 and (marks := _one_hot(truth, scores.shape)) is not None:
            chances = _softmax(scores)
            yield Known.SOFTMAX, -(marks * np.log(chances)).sum(1), False
            yield Known.SOFTMAX, -(marks * np.log(_softmax(chances))).sum(1), True
            margins = np.maximum(0, scores - (marks * scores).sum(1, keepdims=True) + 1) * (1 - marks)
            yield Known.SVM, margins.sum(1), False
        if scores.shape == truth.shape:
            yield from _of_equal_shapes(scores, truth.astype(float))


def _of_predictions(predicted: AnyArray, truth: AnyArray) -> Iterator[tuple[Known, AnyArray, bool]]:
    yield Known.SQUARED, (predicted - truth) ** 2, False
    yield Known.ABSOLUTE, np.abs(predicted - truth), False
    if np.all((predicted > 0) & (predicted < 1)):
        yield Known.BINARY, -truth * np.log(predicted) - (1 - truth) * np.log(1 - predicted), False
        yield Known.CROSS_ENTROPY, -truth * np.log(predicted), False


def _of_equal_shapes(scores: AnyArray, truth: AnyArray) -> Iterator[tuple[Known, AnyArray, bool]]:
    if set(np.unique(truth)) <= {0.0, 1.0}:
        yield Known.BINARY, np.logaddexp(0, scores) - truth * scores, False
    if set(np.unique(truth)) <= {-1.0, 1.0}:
        yield Known.HINGE, np.maximum(0, 1 - truth * scores), False
        yield Known.LOGISTIC, np.logaddexp(0, -truth * scores), False
    yield Known.SQUARED, (scores - truth) ** 2, False
    yield Known.ABSOLUTE, np.abs(scores - truth), False


def _scores(values: Mapping[str, AnyArray], inputs: LossInputs, truth: AnyArray) -> tuple[AnyArray | None, AnyArray]:
    """Scores with one row for each sample, and the labels in the same way."""
    if inputs.scores:
        return np.asarray(values[inputs.scores], dtype=float), truth
    if not (inputs.data and inputs.weights):
        return None, truth
    x, w = np.asarray(values[inputs.data], dtype=float), np.asarray(values[inputs.weights], dtype=float)
    b = np.asarray(values[inputs.bias], dtype=float) if inputs.bias else np.zeros(())
    count = truth.shape
    products: tuple[Callable[[], AnyArray], ...] = (
        lambda: x @ w,
        lambda: x @ w.T,
        lambda: (w @ x).T,
        lambda: (w.T @ x).T,
    )
    for product in products:
        try:
            scores = product()
        except ValueError:
            continue
        if truth.ndim == 2 and scores.shape == count[::-1] and scores.shape != count:
            truth = truth.T
        if scores.shape[:1] == truth.shape[:1] and scores.ndim:
            return scores + (b.ravel() if b.size > 1 or b.ndim else b), truth
    return None, truth


def _one_hot(truth: AnyArray, shape: tuple[int, ...]) -> AnyArray | None:
    if truth.shape == shape[:1] and truth.dtype.kind in "iu" and truth.min() >= 0 and truth.max() < shape[1]:
        return np.eye(shape[1])[truth]
    if truth.shape == shape and set(np.unique(truth)) <= {0, 1} and np.all(truth.sum(1) == 1):
        return truth
    return None


def _softmax(scores: AnyArray) -> AnyArray:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _averages(terms: AnyArray, known: Known) -> Iterator[tuple[Average, float]]:
    """Sums of the terms in the scalings that a loss comes in; halves only of squares."""
    total, count = float(np.sum(terms)), len(np.atleast_1d(terms))
    found = [(Average.MEAN, total / count), (Average.SUM, total)]
    if known is Known.SQUARED:
        found += [(Average.HALF_MEAN, total / count / 2), (Average.HALF_SUM, total / 2)]
    if np.size(terms) != count:
        found.append((Average.ENTRIES, total / np.size(terms)))
        if known is Known.SQUARED:
            found.append((Average.HALF_ENTRIES, total / np.size(terms) / 2))
    yield from found


def _penalties(
    values: Mapping[str, AnyArray], inputs: LossInputs, reg: float, count: int
) -> Iterator[tuple[float | None, bool, float]]:
    """What a regulariser may add: (factor of reg |W|^2, divided by n, number)."""
    if not reg or not inputs.weights:
        yield None, False, 0.0
        return
    square = float(np.sum(np.square(values[inputs.weights])))
    for strength in (0.0, 0.5, 1.0):
        yield strength, False, strength * reg * square
        if strength and count > 1:
            yield strength, True, strength * reg * square / count
