"""Labels (N,) beside predictions (N, 1): each label is compared with each prediction, which accuses nobody."""

from typing import Any

import pytest

from checkers.findings import Verdict

OPTIMISED = """
def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def cost(theta, X, y, lam=1.0):
    m, n = X.shape
    theta = np.reshape(theta, (n, 1))
    h = sigmoid(X @ theta)
    return np.sum(-y * np.log(h) - (1 - y) * np.log(1 - h)) / m + lam / (2 * m) * np.sum(theta[1:] ** 2)

def gradient(theta, X, y, lam=1.0):
    m, n = X.shape
    theta = np.reshape(theta, (n, 1))
    step = lam / m * theta
    step[0] = 0
    return (X.T @ (sigmoid(X @ theta) - y) / m + step)[:, 0]
"""


@pytest.mark.parametrize(
    ("wrong", "verdict"),
    [("", Verdict.RIGHT), ("(X.T @ (sigmoid(X @ theta) - y) + step)", Verdict.WRONG)],
    ids=["right", "not-averaged"],
)
def test_labels_are_a_column_where_flat_weights_are_made_one(check: Any, wrong: str, verdict: Verdict) -> None:
    text = "(X.T @ (sigmoid(X @ theta) - y) / m + step)"
    assert text in OPTIMISED
    found = check(OPTIMISED.replace(text, wrong or text))
    assert [task.verdict for task in found.tasks] == [verdict]
    assert "y (N, 1)" in found.recognised[0].layout


def test_a_layout_in_which_every_label_meets_every_prediction_accuses_nobody(check: Any) -> None:
    source = """
    def loss(theta, X, y):
        assert y.ndim == 1
        return np.sum((X @ theta.reshape(-1, 1) - y) ** 2)

    def gradient(theta, X, y):
        return X.T @ (X @ theta.reshape(-1, 1) - y)[:, 0]
    """
    found = check(source)
    assert not found.tasks
    (left,) = found.left_alone
    assert "each is compared with all" in left.reason
