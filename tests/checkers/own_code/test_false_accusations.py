"""Right code in odd but legal styles that was once called wrong, and mistakes that hid behind such code."""

from typing import Any

import numpy as np
import pytest

from checkers.findings import Verdict
from checkers.own_code.inputs import SIZES, Input, Kind

PROBABILITIES = """
def softmax_loss(W, X, y):
    s = X @ W
    p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(len(y)), y]).mean()
    d = p.copy()
    d[np.arange(len(y)), y] -= 1
    {rest}
"""


@pytest.mark.parametrize(
    "rest",
    [
        "return loss, p",
        "return loss, X @ W",
        "acc = (s.argmax(axis=1) == y).mean()\n    return loss, acc",
        "return loss, (loss, p)",
    ],
    ids=["probabilities", "scores", "accuracy", "cache"],
)
def test_what_stands_beside_a_loss_need_not_be_a_gradient(check: Any, rest: str) -> None:
    assert not check(PROBABILITIES.format(rest=rest)).tasks


@pytest.mark.parametrize(
    "rest",
    ["return loss, p, dW", "return loss, dW, hits / len(y)", "return loss, dW, H"],
    ids=["probabilities", "accuracy", "hessian"],
)
def test_a_gradient_is_found_among_other_things(check: Any, rest: str) -> None:
    more = "dW = X.T @ d / len(y)\n    hits, H = (s.argmax(axis=1) == y).sum(), X.T @ X\n    "
    for factor, verdict in (("", Verdict.RIGHT), ("dW *= 2\n    ", Verdict.WRONG)):
        (task,) = check(PROBABILITIES.format(rest=more + factor + rest)).tasks
        assert task.verdict is verdict
        assert [one.of for one in task.outputs] == ["W"]


def test_an_expression_beside_a_loss_is_its_gradient(check: Any) -> None:
    for text, verdict in (("X.T @ d / len(y)", Verdict.RIGHT), ("X.T @ d", Verdict.WRONG)):
        assert check(PROBABILITIES.format(rest=f"return loss, {text}")).tasks[0].verdict is verdict


def test_a_forward_that_returns_a_loss_and_a_cache_is_no_gradient(check: Any) -> None:
    source = """
    def mse_forward(pred, target):
        diff = pred - target
        return np.mean(diff ** 2), diff

    def mse_backward(dloss, cache):
        return dloss * 2 * cache / cache.size
    """
    assert [(task.name, task.verdict) for task in check(source).tasks] == [("mse_backward", Verdict.RIGHT)]


@pytest.mark.parametrize("names", ["pred, target", "out, target"])
@pytest.mark.parametrize(("sign", "verdict"), [("", Verdict.RIGHT), ("-", Verdict.WRONG)])
def test_the_backward_of_a_loss_may_be_given_what_the_loss_was_given(
    check: Any, names: str, sign: str, verdict: Verdict
) -> None:
    first = names.split(",", maxsplit=1)[0]
    source = f"""
    def mse_forward(pred, target):
        return np.mean((pred - target) ** 2)

    def mse_backward({names}):
        return {sign}2 * ({first} - target) / target.size
    """
    (task,) = check(source).tasks
    assert task.verdict is verdict


@pytest.mark.parametrize(("derivative", "verdict"), [("-p / q", Verdict.RIGHT), ("p / q", Verdict.WRONG)])
def test_a_divergence_of_p_and_q_may_be_differentiated_with_respect_to_q(
    check: Any, derivative: str, verdict: Verdict
) -> None:
    source = f"""
    def kl_divergence(p, q):
        return np.sum(p * np.log(p / q))

    def kl_divergence_grad(p, q):
        return {derivative}
    """
    assert check(source).tasks[0].verdict is verdict


@pytest.mark.parametrize(("count", "verdict"), [("len(y)", Verdict.RIGHT), ("1", Verdict.WRONG)])
def test_binary_cross_entropy_has_one_number_for_each_sample(check: Any, count: str, verdict: Verdict) -> None:
    source = f"""
    def log_loss(y, prob):
        return -np.mean(y * np.log(prob) + (1 - y) * np.log(1 - prob))

    def log_loss_gradient(y, prob):
        return (prob - y) / (prob * (1 - prob)) / {count}
    """
    assert check(source).tasks[0].verdict is verdict


def test_a_softmax_of_one_class_proves_nothing(check: Any) -> None:
    source = """
    def softmax_forward(x):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        out = e / e.sum(axis=1, keepdims=True)
        return out, out

    def softmax_backward(dout, cache):
        return dout * cache * (1 - cache)
    """
    assert check(source).tasks[0].verdict is Verdict.WRONG


def test_a_function_whose_derivative_is_0_everywhere_is_right(check: Any) -> None:
    source = """
    def heaviside(z):
        return np.where(z > 0, 1.0, 0.0)

    def heaviside_prime(z):
        return np.zeros_like(z)
    """
    assert check(source).tasks[0].verdict is Verdict.RIGHT


def test_a_bias_that_is_a_number_may_be_added_to(check: Any) -> None:
    source = """
    def loss_and_gradients(X, y, w, b):
        total, dw, db = 0.0, [0.0] * X.shape[1], 0.0
        for i in range(len(X)):
            p = b
            for j in range(X.shape[1]):
                p += w[j] * X[i, j]
            e = p - y[i]
            total += e * e
            db += 2 * e
            for j in range(X.shape[1]):
                dw[j] += 2 * e * X[i, j]
        return total / len(X), [v / len(X) for v in dw], db / len(X)
    """
    assert check(source).tasks[0].verdict is Verdict.RIGHT


def test_labels_may_have_a_default(check: Any) -> None:
    source = """
    def softmax_loss(x, y=None):
        p = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
        if y is None:
            return p
        loss = -np.log(p[np.arange(len(y)), y]).mean()
        p[np.arange(len(y)), y] -= 1
        return loss, p / len(y)
    """
    assert check(source).tasks[0].verdict is Verdict.RIGHT


def test_some_sample_has_the_class_of_its_own_number_so_that_y_of_j_for_y_of_i_shows() -> None:
    for seed in range(50):
        for sizes in SIZES:
            labels = Input("y", ("n",), Kind.LABELS).draw(sizes, np.random.default_rng(seed))
            assert np.any(labels == np.arange(len(labels)))
            assert np.any(labels != np.arange(len(labels)))
            assert len(set(labels)) < len(labels)
