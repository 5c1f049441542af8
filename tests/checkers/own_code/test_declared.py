"""Declared pairs: right ones pass in every form, wrong ones are called wrong, and what cannot be called is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkers.errors import UsageError
from checkers.findings import Verdict
from checkers.report import Report, TaskReport
from gradcheck import check_file

LAYER = """
import numpy as np

def foo(x, w):
    return x @ w, (x, w)

def bar(g, memo):
    x, w = memo
    return g @ w.T, {dw}
"""
LOSS = """
import numpy as np

def price(w, X, y):
    return ((X @ w - y) ** 2).mean()

def slope(w, X, y):
    return {dw}
"""
JOINT = """
import numpy as np

def fit(W, X, y, alpha=0.5):
    p = np.exp(X @ W)
    p /= p.sum(1, keepdims=True)
    n = len(X)
    dz = p.copy()
    dz[np.arange(n), y] -= 1
    return -np.log(p[np.arange(n), y]).mean() + alpha * (W**2).sum(), {dW}
"""
ENTRIES = """
import numpy as np

def lum(z):
    return 1 / (1 + np.exp(-z))

def of_output(a):
    return {da}

def of_input(z):
    s = lum(z)
    return s * (1 - s)
"""
DICTS = """
import numpy as np

def net(params, X, T):
    return ((np.tanh(X @ params["W1"]) @ params["W2"] - T) ** 2).sum()

def dif(params, X, T):
    h = np.tanh(X @ params["W1"])
    r = 2 * (h @ params["W2"] - T)
    return {"dW1": X.T @ (r @ params["W2"].T * (1 - h**2)), "dW2": h.T @ r}
"""
SWAPPED = """
import numpy as np

def foo(x, w):
    return (x, w), np.tanh(x @ w)

def bar(memo, up, y):
    x, w = memo
    d = up * (1 - y**2)
    return d @ w.T, x.T @ d
"""
JOINT_PAIR = "fit(W: (D, C), X: (N, D), y: labels of C, alpha = 0.1) -> loss, dW"
RIGHT = {
    "without shapes": (LAYER.format(dw="x.T @ g"), "bar of foo"),
    "with shapes": (LAYER.format(dw="x.T @ g"), "bar(g, memo) of foo(x: (N, D), w: (D, M)) wrt x, w"),
    "one shape of two": (LAYER.format(dw="x.T @ g"), "bar of foo(x: (N, D))"),
    "cache written out": (LAYER.format(dw="x.T @ g"), "bar(g, memo = (x, w)) of foo(x: (N, D), w: (D, M))"),
    "value behind the cache": (SWAPPED, "bar(memo, up: upstream, y) of foo(x: (N, D), w: (D, M)) -> memo, y"),
    "loss without shapes": (LOSS.format(dw="2 * X.T @ (X @ w - y) / len(X)"), "slope of price wrt w"),
    "loss": (LOSS.format(dw="2 * X.T @ (X @ w - y) / len(X)"), "slope of price(w: (D,), X: (N, D), y: (N,)) wrt w"),
    "loss with its gradient": (JOINT.format(dW="X.T @ dz / n + 2 * alpha * W"), JOINT_PAIR),
    "of the input": (ENTRIES.format(da="a * (1 - a)"), "of_input(z) of lum(z)"),
    "of the output": (ENTRIES.format(da="a * (1 - a)"), "of_output(a) of lum(z: (N,))"),
    "a dict": (DICTS, "dif of net(params: {W1: (D, H), W2: (H, K)}, X: (N, D), T: (N, K)) wrt W1, W2"),
}
WRONG = {
    "layer": (LAYER.format(dw="1.001 * x.T @ g"), "bar of foo(x: (N, D), w: (D, M))", ["dw"]),
    "layer without shapes": (LAYER.format(dw="2 * x.T @ g"), "bar of foo", ["dw"]),
    "transposed": (LAYER.format(dw="g.T @ x"), "bar of foo(x: (N, D), w: (D, M)) wrt x, w", ["dw"]),
    "loss": (LOSS.format(dw="X.T @ (X @ w - y) / len(X)"), "slope of price(w: (D,), X: (N, D), y: (N,)) wrt w", ["dw"]),
    "joint": (JOINT.format(dW="X.T @ dz / n + alpha * W"), JOINT_PAIR, ["dW"]),
    "of the output": (ENTRIES.format(da="a * (1 + a)"), "of_output(a) of lum(z: (N,))", ["dz"]),
    "nothing comes back": (LAYER.format(dw="None"), "bar of foo(x: (N, D), w: (D, M)) wrt x, w", ["dw"]),
}


def checked(folder: Path, source: str, *pairings: str) -> Report:
    path = folder / "layers.py"
    path.write_text(source)
    return check_file(path, pairings=pairings, seed=3, timeout=5.0, locate_budget=0)


def only(report: Report) -> TaskReport:
    (task,) = report.tasks
    return task


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_gradient_passes(tmp_path: Path, name: str) -> None:
    report = checked(tmp_path, *RIGHT[name])
    assert report.verdict is Verdict.RIGHT, report
    assert report.recognised[0].rule.endswith("as --function says")


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_gradient_is_called_wrong(tmp_path: Path, name: str) -> None:
    source, pairing, wrong = WRONG[name]
    task = only(checked(tmp_path, source, pairing))
    assert [output.name for output in task.outputs if output.verdict is Verdict.WRONG] == wrong


def test_the_shapes_that_were_said_are_those_of_the_check(tmp_path: Path) -> None:
    report = checked(tmp_path, LAYER.format(dw="x.T @ g"), "bar of foo(x: (4, 3*F), w: (3*F, Q))")
    assert report.recognised[0].layout == "x (4, 3*F), w (3*F, Q)"
    assert {output.shape for output in only(report).outputs} == {(4, 15), (15, 7)}


def test_what_is_declared_hides_what_is_recognised(tmp_path: Path) -> None:
    source = "def up_forward(x):\n    return x**2\ndef up_backward(dout, x):\n    return dout * 3 * x**2\n"
    assert only(checked(tmp_path, source)).verdict is Verdict.WRONG
    report = checked(tmp_path, source + "def cube(x):\n    return x**3\n", "up_backward of cube")
    assert only(report).verdict is Verdict.RIGHT


def test_a_regulariser_that_only_the_loss_has_is_named(tmp_path: Path) -> None:
    source = JOINT.replace("alpha", "reg").format(dW="X.T @ dz / n")
    pairing = JOINT_PAIR.replace("alpha", "reg")
    assert [finding.code for finding in only(checked(tmp_path, source, pairing)).findings] == ["regulariser-missing"]


def test_a_gradient_that_raises_with_the_declared_shapes_is_wrong_and_says_them(tmp_path: Path) -> None:
    task = only(checked(tmp_path, LAYER.format(dw="x @ g"), "bar of foo(x: (N, D), w: (D, M))"))
    assert task.verdict is Verdict.WRONG
    assert "called with the declared shapes x (N, D), w (D, M) at N = 5, D = 7, M = 3" in task.findings[0].message


def test_a_forward_that_raises_with_the_declared_shapes_is_no_wrong_gradient(tmp_path: Path) -> None:
    task = only(checked(tmp_path, LAYER.format(dw="x.T @ g"), "bar of foo(x: (N, D), w: (M, D))"))
    assert task.verdict is Verdict.NOT_RUN
    assert task.findings[0].message.startswith("foo raises ValueError")


@pytest.mark.parametrize(
    ("pairing", "told"),
    [
        ("baz of foo", "there is no function baz in the file. Did you mean bar?"),
        ("bar of fooo", "Did you mean foo?"),
        ("bar(g, meno) of foo", "bar has no argument meno; its arguments are g, memo .line 7.. Did you mean memo?"),
        ("bar(g) of foo", "leaves out memo"),
        ("bar of foo(v: (N, D))", "foo has no argument v"),
        ("bar of foo wrt v", "wrt v: there is no such array; there are x, w"),
        ("bar(g, memo) -> dx, dv of foo", "dv names the gradient with respect to none of x, w"),
        ("bar", "what is bar the gradient of"),
        ("bar(g: (N,), memo: (N,)) of foo(x = 1, x: (N,))", "`x` is twice|x has a shape and a value"),
        ("foo of bar", "what are x and w of foo"),
    ],
)
def test_what_does_not_fit_the_file_is_refused(tmp_path: Path, pairing: str, told: str) -> None:
    with pytest.raises(UsageError, match=told) as error:
        checked(tmp_path, LAYER.format(dw="x.T @ g"), pairing)
    assert str(error.value).startswith(f'--function "{pairing}"')
