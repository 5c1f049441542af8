"""Losses that are known are told by their values alone."""

import numpy as np
import pytest

from checkers.findings import Severity
from checkers.own_code.known_losses import Average, Known, LossForm, finding, identified, identify, promised_by
from checkers.own_code.units import LossInputs

GENERATOR = np.random.default_rng(7)
X, W = GENERATOR.standard_normal((5, 4)), GENERATOR.standard_normal((4, 3))
Y = np.array([0, 2, 1, 1, 0])
SIGNS = np.array([1.0, -1.0, 1.0, 1.0, -1.0])
SCORES = X @ W
OF_SCORES = LossInputs("y", scores="x")
LINEAR = LossInputs("y", data="X", weights="W", regularisation="reg")


def softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def entropies(chances: np.ndarray) -> np.ndarray:
    return np.asarray(-np.log(chances[np.arange(5), Y]))


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (entropies(softmax(SCORES)).mean(), "this is softmax cross-entropy, mean"),
        (entropies(softmax(SCORES)).sum(), "this is softmax cross-entropy, sum"),
        (-entropies(softmax(SCORES)).mean(), "this is the negative of softmax cross-entropy, mean"),
        (
            entropies(softmax(softmax(SCORES))).mean(),
            "this is softmax cross-entropy, with softmax applied twice, mean",
        ),
    ],
)
def test_a_loss_of_scores_is_told(value: float, sentence: str) -> None:
    assert [form.sentence for form in identify(value, {"x": SCORES, "y": Y}, OF_SCORES)] == [sentence]


@pytest.mark.parametrize(("strength", "text"), [(0.5, "0.5 "), (1.0, "")])
def test_the_regulariser_is_told(strength: float, text: str) -> None:
    values = {"X": X, "W": W, "y": Y}
    data = float(entropies(softmax(SCORES)).mean())
    seen = [(data + strength * reg * float(np.sum(W**2)), values, reg) for reg in (0.0, 0.1)]
    form = identified(seen, LINEAR)
    assert form is not None
    assert form.sentence == f"this is softmax cross-entropy, mean, plus {text}reg |W|^2"


def test_weights_with_the_classes_first_are_understood() -> None:
    values = {"X": X.T, "W": W.T, "y": Y}
    forms = identify(float(entropies(softmax(SCORES)).mean()), values, LINEAR)
    assert [form.known for form in forms] == [Known.SOFTMAX]


def test_hinge_and_squares_are_told() -> None:
    w = W[:, 0]
    values = {"X": X, "W": w, "y": SIGNS}
    hinge, squares = np.maximum(0, 1 - SIGNS * (X @ w)), (X @ w - SIGNS) ** 2
    assert identify(hinge.mean(), values, LINEAR)[0].known is Known.HINGE
    assert identify(squares.sum() / 10, values, LINEAR)[0] == LossForm(Known.SQUARED, Average.HALF_MEAN)


def test_multi_class_svm_is_told() -> None:
    margins = np.maximum(0, SCORES - SCORES[np.arange(5), Y][:, None] + 1)
    margins[np.arange(5), Y] = 0
    assert identify(margins.sum() / 5, {"x": SCORES, "y": Y}, OF_SCORES)[0].known is Known.SVM


def test_predictions_are_compared_as_they_are() -> None:
    p, y = GENERATOR.uniform(0.1, 0.9, (5, 2)), GENERATOR.integers(0, 2, (5, 2))
    terms = -y * np.log(p) - (1 - y) * np.log(1 - p)
    forms = identify(terms.mean(), {"p": p, "y": y}, LossInputs("y", prediction="p"))
    assert forms == [LossForm(Known.BINARY, Average.ENTRIES)]


def test_a_value_of_no_known_loss_is_not_told() -> None:
    assert identify(0.123, {"x": SCORES, "y": Y}, OF_SCORES) == []


def test_forms_must_agree_at_every_probe() -> None:
    values = {"x": SCORES, "y": Y}
    terms = entropies(softmax(SCORES))
    assert identified([(terms.mean(), values, 0.0), (terms.sum(), values, 0.0)], OF_SCORES) is None


def test_only_what_the_name_promises_is_held_against_a_loss() -> None:
    negated = LossForm(Known.SOFTMAX, Average.MEAN, is_negated=True)
    assert finding(negated, promised_by("log_likelihood")) is None
    for name in ("softmax_loss", "loss", "cross_entropy"):
        found = finding(negated, promised_by(name))
        assert found is not None
        assert (found.code, found.severity) == ("wrong-loss", Severity.NOTE)
    assert finding(LossForm(Known.SOFTMAX, Average.SUM), promised_by("softmax_loss")) is not None
    assert finding(LossForm(Known.SOFTMAX, Average.SUM), promised_by("loss")) is None
    assert finding(LossForm(Known.SOFTMAX, Average.MEAN), promised_by("softmax_loss")) is None
