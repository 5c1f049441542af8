"""What is said of wrong gradients where no exercise knows the mistake, and of losses that are wrong themselves."""

from typing import Any

import pytest

from checkers.findings import Certainty, Severity, Verdict

SOFTMAX = """
def softmax_loss_vectorized(W, X, y, reg):
    n = X.shape[0]
    s = X @ W
    p = np.exp(s - s.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    loss = {data} + {penalty}
    p[np.arange(n), y] -= 1
    dW = {gradient}
    return loss, dW
"""
DATA = "-np.log(p[np.arange(n), y]).mean()"


def softmax(data: str = DATA, penalty: str = "reg * np.sum(W * W)", gradient: str = "X.T @ p / n + 2 * reg * W") -> str:
    return SOFTMAX.format(data=data, penalty=penalty, gradient=gradient)


@pytest.mark.parametrize(
    ("penalty", "gradient"),
    [("reg * np.sum(W * W)", "X.T @ p / n + 2 * reg * W"), ("0.5 * reg * np.sum(W * W)", "X.T @ p / n + reg * W")],
)
def test_both_forms_of_the_regulariser_are_right_and_told(check: Any, penalty: str, gradient: str) -> None:
    found = check(softmax(penalty=penalty, gradient=gradient))
    assert found.tasks[0].verdict is Verdict.RIGHT
    assert any("softmax cross-entropy, mean, plus" in said for said in found.recognised[0].assumed)


@pytest.mark.parametrize(
    ("gradient", "code"),
    [
        ("X.T @ p / n + reg * W", "regulariser-factor"),
        ("X.T @ p / n", "regulariser-missing"),
        ("X.T @ p / n - 2 * reg * W", "regulariser-sign"),
        ("(X.T @ p + 2 * reg * W) / n", "regulariser-scaled"),
        ("X.T @ p / n + 2 * reg * W ** 2", "regulariser-form"),
        ("X.T @ p / n + 2 * reg * np.sum(W)", "regulariser-form"),
        ("X.T @ p + 2 * reg * W", "mean-missing"),
        ("-X.T @ p / n + 2 * reg * W", "sign-flipped"),
    ],
)
def test_the_term_that_is_wrong_is_named(check: Any, gradient: str, code: str) -> None:
    (task,) = check(softmax(gradient=gradient), locate_budget=2.0).tasks
    assert task.verdict is Verdict.WRONG
    said = [task.findings[0].code, *(other.code for other in task.findings[0].alternatives)]
    assert code in said or (code in {"mean-missing", "sign-flipped"} and task.findings[0].certainty is Certainty.PROVEN)


def test_a_minus_forgotten_in_the_loss_is_the_losses_fault(check: Any) -> None:
    (task,) = check(softmax(data="np.log(p[np.arange(n), y]).mean()"), locate_budget=2.0).tasks
    assert task.verdict is Verdict.WRONG
    assert task.findings[0].code == "wrong-loss"


def test_a_loss_and_gradient_negated_alike_is_a_note(check: Any) -> None:
    source = softmax(data="np.log(p[np.arange(n), y]).mean()", penalty="0 * reg", gradient="-X.T @ p / n")
    (task,) = check(source).tasks
    assert task.verdict is Verdict.RIGHT
    (note,) = task.findings
    assert (note.code, note.severity) == ("wrong-loss", Severity.NOTE)


def test_a_change_of_the_loss_that_the_gradient_belongs_to_is_found(check: Any) -> None:
    source = """
    def strange_loss(X, w, y):
        r = X @ w - y
        loss = np.sum(r ** 4) / len(y)
        return loss, 2 * X.T @ r / len(y)
    """
    (task,) = check(source, locate_budget=2.0).tasks
    assert task.findings[0].code == "wrong-loss"
    assert "r ** 2" in str(task.findings[0].fix)


def test_an_activations_derivative_within_a_network(check: Any) -> None:
    source = """
    def forward(X, W1, b1, W2, b2):
        Z1 = X @ W1 + b1
        A1 = np.tanh(Z1)
        Z2 = A1 @ W2 + b2
        return Z2, (X, Z1, A1, W2)

    def compute_loss(Z2, Y):
        return np.sum((Z2 - Y) ** 2) / len(Y)

    def backward(Z2, Y, cache):
        X, Z1, A1, W2 = cache
        dZ2 = 2 * (Z2 - Y) / len(Y)
        dZ1 = (dZ2 @ W2.T) * (1 - Z1 ** 2)
        return {"dW1": X.T @ dZ1, "db1": dZ1.sum(axis=0), "dW2": A1.T @ dZ2, "db2": dZ2.sum(axis=0)}
    """
    (task,) = check(source, locate_budget=2.0).tasks
    assert task.verdict is Verdict.WRONG
    assert task.findings[0].code == "activation-argument"
    assert task.findings[0].fix == "dZ1 = (dZ2 @ W2.T) * (1 - A1 ** 2)"


def test_a_starter_that_computes_nothing_is_not_written_yet(check: Any) -> None:
    source = """
        def softmax_loss_naive(W, X, y, reg):
            loss = 0.0
            dW = np.zeros_like(W)
            return loss, dW
        """
    (task,) = check(source).tasks
    assert task.verdict is Verdict.NOT_RUN
    assert [finding.code for finding in task.findings] == ["not-implemented"]
