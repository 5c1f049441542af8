"""Losses that return their gradient, and pairs of a loss and a gradient: right ones pass, wrong ones are found."""

from collections.abc import Mapping
from textwrap import dedent
from typing import Any

import pytest

from checkers.findings import Verdict
from checkers.own_code.check import Attempt, Trier
from checkers.own_code.facts import read_facts
from checkers.own_code.known_losses import finding, identified, is_plain
from checkers.own_code.rules import losses
from checkers.own_code.units import Unit
from checkers.student_process import StudentProcess
from checkers.task_check import Caller

SOFTMAX = """
    import numpy as np

    def softmax_loss_vectorized(W, X, y, reg):
        n = X.shape[0]
        scores = X.dot(W)
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        loss = -np.log(p[np.arange(n), y]).mean() + 0.5 * reg * np.sum(W * W)
        p[np.arange(n), y] -= 1
        return loss, X.T.dot(p) / n + reg * W
    """
OLDER = """
    import numpy as np

    def softmax_loss(W, X, y, reg):
        n = X.shape[1]
        p = np.exp(W.dot(X))
        p /= p.sum(axis=0)
        loss = -np.log(p[y, range(n)]).sum() / n + reg * np.sum(W * W)
        p[y, range(n)] -= 1
        return loss, p.dot(X.T) / n + 2 * reg * W
    """
SVM = """
    import numpy as np

    def svm_loss(x, y, delta=1.0):
        n = len(x)
        margins = np.maximum(0, x - x[np.arange(n), y][:, None] + delta)
        margins[np.arange(n), y] = 0
        dx = (margins > 0).astype(float)
        dx[np.arange(n), y] -= dx.sum(axis=1)
        return margins.sum() / n, dx / n
    """
BIAS = """
    import numpy as np

    def softmax_loss_and_gradient(X, y, W, b, regularization_strength=0.0):
        n = len(y)
        s = X @ W + b
        p = np.exp(s) / np.exp(s).sum(1, keepdims=True)
        loss = -np.mean(np.log(p[range(n), y])) + regularization_strength * np.sum(W**2)
        p[range(n), y] -= 1
        return loss, X.T @ p / n + 2 * regularization_strength * W, p.sum(0) / n
    """
PLUS_MINUS = """
    import numpy as np

    def loss_fn(w, X, y):
        return np.mean(np.log(1 + np.exp(-y * X.dot(w))))

    def gradient(w, X, y):
        return X.T.dot(-y / (1 + np.exp(y * X.dot(w)))) / len(y)
    """
COST = """
    import numpy as np

    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    def costFunctionReg(theta, X, y, lmbda):
        m = y.size
        h = sigmoid(X.dot(theta))
        J = -(np.log(h).dot(y) + np.log(1 - h).dot(1 - y)) / m + lmbda / (2 * m) * np.sum(theta[1:] ** 2)
        grad = X.T.dot(h - y) / m
        grad[1:] = grad[1:] + lmbda / m * theta[1:]
        return J, grad
    """
COLUMNS = """
    import numpy as np

    def compute_cost(X, y, theta):
        return np.sum((X @ theta - y) ** 2) / (2 * len(y))

    def compute_gradient(X, y, theta):
        assert y.shape == (X.shape[0], 1)
        return X.T @ (X @ theta - y) / len(y)
    """
TEMPORAL = """
    import numpy as np

    def temporal_softmax_loss(x, y, mask):
        N, T, V = x.shape
        flat, labels, m = x.reshape(N * T, V), y.reshape(N * T), mask.reshape(N * T)
        p = np.exp(flat - flat.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        loss = -np.sum(m * np.log(p[np.arange(N * T), labels])) / N
        p[np.arange(N * T), labels] -= 1
        return loss, (p * m[:, None] / N).reshape(N, T, V)
    """
WORDS = """
    import numpy as np

    def naiveSoftmaxLossAndGradient(centerWordVec, outsideWordIdx, outsideVectors, dataset):
        p = np.exp(outsideVectors @ centerWordVec)
        p /= p.sum()
        loss = -np.log(p[outsideWordIdx])
        p[outsideWordIdx] -= 1
        return loss, outsideVectors.T @ p, np.outer(p, centerWordVec)
    """


def tried(text: str) -> dict[str, tuple[Unit, Attempt | None]]:
    """Every unit of a source with its best reading."""
    source = dedent(text)
    facts = read_facts(source)
    assert facts is not None
    with StudentProcess() as student:
        student.load("student.py", source.encode())
        trier = Trier(Caller(student, 10.0), 1)
        return {unit.name: (unit, trier.best(unit)) for unit in losses.find(facts)}


def verdicts(text: str) -> Mapping[str, str]:
    """What is said of each unit."""
    return {
        name: "left alone" if attempt is None or attempt.run is None else "right" if attempt.is_right else "wrong"
        for name, (_, attempt) in tried(text).items()
    }


@pytest.mark.parametrize(
    "text",
    [SOFTMAX, OLDER, SVM, BIAS, PLUS_MINUS, COST, COLUMNS, TEMPORAL, WORDS],
    ids=["W X y", "classes first", "scores", "with bias", "labels -1, 1", "theta", "columns", "temporal", "words"],
)
def test_a_right_gradient_is_right(text: str) -> None:
    assert set(verdicts(text).values()) == {"right"}


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        (SOFTMAX, "reg * W\n", "2 * reg * W\n"),
        (SOFTMAX, "X.T.dot(p) / n +", "X.T.dot(p) +"),
        (OLDER, "2 * reg * W", "reg * W"),
        (SVM, "dx / n", "dx"),
        (SVM, "-= dx.sum(axis=1)", "-= 1"),
        (BIAS, "p.sum(0) / n", "p.sum(0) / n + 2 * regularization_strength * b"),
        (PLUS_MINUS, "(-y /", "(y /"),
        (COST, "grad[1:] = grad[1:] + lmbda / m * theta[1:]", "grad = grad + lmbda / m * theta"),
        (COLUMNS, ".T @ (X @ theta - y) / len(y)", ".T @ (X @ theta - y) * 2 / len(y)"),
        (TEMPORAL, "p * m[:, None] / N", "p / N"),
        (WORDS, "np.outer(p, centerWordVec)", "np.outer(p, centerWordVec) / 2"),
    ],
)
def test_a_wrong_gradient_is_wrong(text: str, right: str, wrong: str) -> None:
    assert right in text
    assert set(verdicts(text.replace(right, wrong)).values()) == {"wrong"}


def test_the_term_of_the_regulariser_is_seen_only_where_reg_is_not_0() -> None:
    (_, attempt), *_ = tried(SOFTMAX.replace("reg * W\n", "2 * reg * W\n")).values()
    assert attempt is not None
    assert attempt.run is not None
    assert {trial.probe.case.label for trial in attempt.run.trials if not trial.is_right} == {"reg = 0.1"}


@pytest.mark.parametrize(
    "text",
    [
        "def gradient_descent(X, y, w):\n    return w, [0.0]",
        "def f(x, y):\n    return x, y",
        "import numpy as np\ndef loss_and_grad(w, X, y, model):\n    return model.loss(w), model.grad(w)",
    ],
)
def test_what_cannot_be_called_gets_no_verdict(text: str) -> None:
    assert set(verdicts(text).values()) <= {"left alone"}


def test_a_negated_loss_with_the_gradient_negated_is_noted() -> None:
    text = SOFTMAX.replace("loss = -np", "loss = np").replace("0.5 * reg * np", "0.0 * reg * np")
    ((unit, attempt),) = tried(text.replace("X.T.dot(p) / n + reg * W", "-X.T.dot(p) / n")).values()
    assert attempt is not None
    assert attempt.run is not None
    assert attempt.is_right
    reading = attempt.reading
    assert reading.loss is not None
    numbers = [(trial, int(trial.probe.values["case#"])) for trial in attempt.run.trials]
    seen = []
    for trial, number in numbers:
        value = trial.of("value")
        assert value is not None
        assert value.comparison is not None
        if is_plain(reading, number):
            strength = float(reading.cases[number].options.get(reading.loss.regularisation, "0"))
            seen.append((float(value.comparison.yours), trial.probe.values, strength))
    form = identified(seen, reading.loss)
    assert form is not None
    assert form.is_negated
    found = finding(form, unit.known)
    assert found is not None
    assert found.code == "wrong-loss"
    assert not found.is_fault


TWO_LOSSES = """
def compute_loss_mse(y, X, w):
    return np.mean((y - X @ w) ** 2)

def compute_loss_mae(y, X, w):
    return np.mean(np.abs(y - X @ w))

def compute_gradient{kind}(y, X, w):
    return -2 * X.T @ (y - X @ w) / {count}
"""


@pytest.mark.parametrize(
    ("kind", "count", "verdict"),
    [
        ("", "len(y)", Verdict.RIGHT),
        ("", "2", None),
        ("_mse", "len(y)", Verdict.RIGHT),
        ("_logistic", "2", None),
    ],
)
def test_of_several_losses_of_the_same_arguments_each_is_tried(
    check: Any, kind: str, count: str, verdict: Verdict | None
) -> None:
    found = check(TWO_LOSSES.format(kind=kind, count=count))
    assert [task.verdict for task in found.tasks] == ([] if verdict is None else [verdict])


def test_what_calls_a_gradient_function_is_not_its_loss(check: Any) -> None:
    source = """
    def hinge_loss_gradient(w, X, y):
        short = np.maximum(0, 1 - y * (X @ w))
        return short.sum(), -X.T @ (y * (short > 0))

    def difference_error(w, X, y):
        value, gradient = hinge_loss_gradient(w, X, y)
        return abs(hinge_loss_gradient(w + 1e-6 * gradient, X, y)[0] - value - 1e-6 * gradient @ gradient)
    """
    assert [(task.name, task.verdict) for task in check(source).tasks] == [("hinge_loss_gradient", Verdict.RIGHT)]
