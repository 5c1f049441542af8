"""Layers whose constructors say little of what they want: short names, defaults, channels."""

from collections.abc import Callable
from typing import Any

import pytest

Check = Callable[..., Any]

LINEAR = """
class Linear:
    def __init__(self, {parameters}):
        self.W0 = np.zeros([{out}, 1])
        self.W = np.random.normal(0, 1.0, [{into}, {out}])

    def forward(self, A):
        self.A = A
        return self.W.T @ A + self.W0

    def backward(self, dLdZ):
        self.dLdW = self.A @ dLdZ.T
        self.dLdW0 = {bias}
        return self.W @ dLdZ
"""
SUMMED = "np.sum(dLdZ, axis=1, keepdims=True)"


@pytest.mark.parametrize(
    ("parameters", "into", "out", "bias", "wrong"),
    [
        ("m, n", "m", "n", SUMMED, set()),
        ("b, a", "a", "b", SUMMED, set()),
        ("n_x, n_a", "n_x", "n_a", SUMMED, set()),
        ("m, n", "m", "n", "dLdZ", {"W0"}),
    ],
    ids=["m n", "b a", "n_x n_a", "bias not summed"],
)
def test_short_names_of_sizes_are_tried_in_both_orders(
    check: Check, parameters: str, into: str, out: str, bias: str, wrong: set[str]
) -> None:
    (task,) = check(LINEAR.format(parameters=parameters, into=into, out=out, bias=bias)).tasks
    assert {one.of for one in task.outputs} == {"A", "W", "W0"}
    assert {one.of for one in task.outputs if one.verdict != "right"} == wrong


SCALE = """
class Scale:
    def __init__(self, m):
        self.G = np.ones([m, 1])

    def forward(self, A):
        self.A = A
        return self.G * A ** 2

    def backward(self, dLdZ):
        self.dLdG = np.sum(dLdZ * self.A ** {power}, axis=1, keepdims=True)
        return 2 * dLdZ * self.G * self.A
"""


@pytest.mark.parametrize(("power", "wrong"), [(2, set()), (1, {"G"})])
def test_a_size_alone_may_be_the_number_of_features_in_columns(check: Check, power: int, wrong: set[str]) -> None:
    (task,) = check(SCALE.format(power=power)).tasks
    assert {one.of for one in task.outputs if one.verdict != "right"} == wrong


SOFTMAX = """
class Softmax:
    def __init__(self, dim=-1):
        self.dim = dim

    def forward(self, Z):
        e = np.exp(Z)
        self.A = e / e.sum(axis=self.dim, keepdims=True)
        return self.A

    def backward(self, dLdA):
        return self.A * (dLdA{minus})
"""


@pytest.mark.parametrize(
    ("minus", "verdict"),
    [(" - np.sum(dLdA * self.A, axis=self.dim, keepdims=True)", "right"), ("", "wrong")],
)
def test_an_axis_keeps_its_default(check: Check, minus: str, verdict: str) -> None:
    (task,) = check(SOFTMAX.format(minus=minus)).tasks
    assert task.verdict == verdict


CHANNELS = """
class Scale{rank}d:
    def __init__(self, num_features, eps=1e-5):
        self.w = np.ones({weights})

    def forward(self, x):
        self.x = x
        return x * self.w + np.mean(x, axis={axes}, keepdims=True)

    def backward(self, dout):
        self.dw = np.sum(dout * self.x, axis={axes}, keepdims=True){half}
        return dout * self.w + np.mean(dout, axis={axes}, keepdims=True)
"""


@pytest.mark.parametrize(("half", "wrong"), [("", set()), (" / 2", {"w"})])
@pytest.mark.parametrize("rank", [1, 2])
def test_a_layer_of_channels_takes_three_axes_or_four(check: Check, rank: int, half: str, wrong: set[str]) -> None:
    axes, weights = ((0, 2), "(1, num_features, 1)") if rank == 1 else ((0, 2, 3), "(1, num_features, 1, 1)")
    (task,) = check(CHANNELS.format(rank=rank, weights=weights, axes=axes, half=half)).tasks
    assert {one.of for one in task.outputs if one.verdict != "right"} == wrong


CONVOLUTION = """
class Conv1d:
    def __init__(self, in_channels, out_channels, kernel_size):
        self.K = kernel_size
        self.W = np.zeros((out_channels, in_channels, kernel_size))

    def forward(self, A):
        self.A, self.L = A, A.shape[2] - self.K + 1
        return sum(np.einsum("nil,oi->nol", A[:, :, k:k + self.L], self.W[:, :, k]) for k in range(self.K))

    def backward(self, dLdZ):
        self.dLdW, dLdA = np.zeros(self.W.shape), np.zeros(self.A.shape)
        for k in range(self.K):
            self.dLdW[:, :, k] = np.einsum("nil,nol->oi", self.A[:, :, k:k + self.L], dLdZ)
            dLdA[:, :, k:k + self.L] {assigned} np.einsum("nol,oi->nil", dLdZ, self.W[:, :, k])
        return dLdA
"""


@pytest.mark.parametrize(("assigned", "wrong"), [("+=", set()), ("=", {"A"})])
def test_a_window_is_small(check: Check, assigned: str, wrong: set[str]) -> None:
    (task,) = check(CONVOLUTION.format(assigned=assigned)).tasks
    assert {one.of for one in task.outputs if one.verdict != "right"} == wrong
