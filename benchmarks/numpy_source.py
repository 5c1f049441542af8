"""Generated NumPy against hand-written NumPy, and against PyTorch's autograd where torch is installed.

    python benchmarks/numpy_source.py [--pairs 31]

Both compute the same outputs, the loss and all gradients, from the same arrays of the same dtype, with one thread. A
sample is a batch of calls that takes a few milliseconds; samples come in pairs, one of each, in alternating order, and
the figure is the median of the ratios of the pairs (generated / peer), with its quartiles. Below 1 the generated source
is faster. The hand-written functions are what a good NumPy programmer writes first: no einsum, no output arguments, no
work in place.
"""
# ruff: noqa: E402 -- the number of threads must be set before NumPy is imported

from __future__ import annotations

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ[variable] = "1"

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from statistics import median, quantiles
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.chain_rule import sweep
from derivations.models import MODELS
from derivations.numpy_source import gradient_source

try:
    import torch
except ImportError:
    torch = None  # type: ignore[assignment]

Array = NDArray[Any]
Outputs = tuple[Any, ...]
Function = Callable[[], Any]
SAMPLE_SECONDS = 0.006  # long against the clock's resolution, short against the machine's moods
AUTOGRAD_LIMIT = 1.0


# Written by hand ------------------------------------------------------------------------------------------------------


def linear_regression(X: Array, y: Array, w: Array, b: Any) -> Outputs:
    n = len(y)
    residual = X @ w + b - y
    loss = (residual**2).sum() / n  # np.mean costs a multiple at this size
    dz = 2 / n * residual
    return loss, X.T @ dz, dz.sum()


def softmax_regression(X: Array, Y: Array, W: Array, b: Array) -> Outputs:
    n = len(X)
    loss, dz = cross_entropy(X @ W.T + b, Y)
    dz /= n
    return loss, dz.T @ X, dz.sum(axis=0)


def cross_entropy(z: Array, Y: Array) -> tuple[Any, Array]:
    """Mean loss, and its gradient by the logits times the number of samples."""
    z = z - z.max(axis=1, keepdims=True)
    exponentials = np.exp(z)
    sums = exponentials.sum(axis=1, keepdims=True)
    loss = (np.log(sums[:, 0]) - (Y * z).sum(axis=1)).sum() / len(z)
    return loss, exponentials / sums - Y


def mlp(X: Array, Y: Array, W1: Array, b1: Array, W2: Array, b2: Array, W3: Array, b3: Array) -> Outputs:
    n = len(X)
    z1 = X @ W1.T + b1
    a1 = np.maximum(z1, 0)
    z2 = a1 @ W2.T + b2
    a2 = np.maximum(z2, 0)
    loss, dz3 = cross_entropy(a2 @ W3.T + b3, Y)
    dz3 /= n
    dz2 = dz3 @ W3 * (z2 > 0)
    dz1 = dz2 @ W2 * (z1 > 0)
    return (
        loss,
        dz1.T @ X, dz1.sum(axis=0),
        dz2.T @ a1, dz2.sum(axis=0),
        dz3.T @ a2, dz3.sum(axis=0),
    )  # fmt: skip


# With autograd --------------------------------------------------------------------------------------------------------


def torch_linear_regression(X: Any, y: Any, w: Any, b: Any) -> Outputs:
    loss = torch.nn.functional.mse_loss(X @ w + b, y)
    return loss, *torch.autograd.grad(loss, (w, b))


def torch_softmax_regression(X: Any, labels: Any, W: Any, b: Any) -> Outputs:
    loss = torch.nn.functional.cross_entropy(torch.nn.functional.linear(X, W, b), labels)
    return loss, *torch.autograd.grad(loss, (W, b))


def torch_mlp(X: Any, labels: Any, *parameters: Any) -> Outputs:
    W1, b1, W2, b2, W3, b3 = parameters
    linear, relu = torch.nn.functional.linear, torch.relu
    z = linear(relu(linear(relu(linear(X, W1, b1)), W2, b2)), W3, b3)
    loss = torch.nn.functional.cross_entropy(z, labels)
    return loss, *torch.autograd.grad(loss, parameters)


# What is compared -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Comparison:
    """A model at a size: the generated source, its hand-written peer and autograd."""

    label: str
    model: str
    shape: tuple[int, ...]
    by_hand: Callable[..., Outputs]
    by_autograd: Callable[..., Outputs]
    limit: float
    must_beat_autograd: bool
    options: dict[str, Any] = field(default_factory=dict)

    def generated(self) -> Callable[..., Outputs]:
        """The function that the derivation gives."""
        namespace: dict[str, Any] = {}
        exec(gradient_source(sweep(MODELS[self.model].build(**self.options))), namespace)
        function: Callable[..., Outputs] = namespace["loss_and_gradients"]
        return function

    def arrays(self, dtype: Any) -> list[Any]:
        """Data standard normal or one-hot, weights by fan-in."""
        rng = np.random.default_rng(0)
        n, *widths = self.shape
        X = rng.standard_normal((n, widths[0])).astype(dtype)
        if self.model == "linear-regression":
            return [X, rng.standard_normal(n).astype(dtype), rng.standard_normal(widths[0]).astype(dtype), dtype(0.5)]
        Y = np.eye(widths[-1], dtype=dtype)[rng.integers(0, widths[-1], n)]
        found: list[Any] = [X, Y]
        for inputs, outputs in pairwise(widths):
            found += [
                (rng.standard_normal((outputs, inputs)) / np.sqrt(inputs)).astype(dtype),
                np.zeros(outputs, dtype),
            ]
        return found


LARGE_MLP = {"layers": (784, 128, 64, 10)}
COMPARISONS = (
    Comparison("linear regression, n=1000 p=7", "linear-regression", (1000, 7), linear_regression,
               torch_linear_regression, 1.1, True),
    Comparison("softmax regression, 30 x 784 -> 10", "softmax-regression", (30, 784, 10), softmax_regression,
               torch_softmax_regression, 1.1, True),
    Comparison("MLP 784-128-64-10, batch 30", "mlp", (30, 784, 128, 64, 10), mlp, torch_mlp, 1.25, False, LARGE_MLP),
    Comparison("MLP 784-128-64-10, batch 256", "mlp", (256, 784, 128, 64, 10), mlp, torch_mlp, 1.25, False, LARGE_MLP),
)  # fmt: skip


def ratios(ours: Function, theirs: Function, pairs: int) -> list[float]:
    """Seconds of ours over seconds of theirs, once for each pair of samples; their order alternates."""
    seconds(ours, 2), seconds(theirs, 2)
    calls = max(1, round(SAMPLE_SECONDS / min(seconds(theirs, 5) / 5 for _ in range(5))))
    found = []
    for number in range(pairs):
        first, second = (ours, theirs) if number % 2 else (theirs, ours)
        times = {first: seconds(first, calls)}
        times[second] = seconds(second, calls)
        found.append(times[ours] / times[theirs])
    return found


def seconds(function: Function, calls: int) -> float:
    """The time of that many calls."""
    start = time.perf_counter()
    for _ in range(calls):
        function()
    return time.perf_counter() - start


def check_equal(ours: Outputs, theirs: Outputs, dtype: Any) -> None:
    """Both must compute the same, in the same dtype, or the race means nothing."""
    tolerance = 1e-3 if dtype is np.float32 else 1e-9
    for mine, other in zip(ours, theirs, strict=True):
        dtypes = {np.asarray(mine).dtype, np.asarray(other).dtype}
        if dtypes != {np.dtype(dtype)}:
            sys.exit(f"Outputs of {', '.join(map(str, dtypes))}, where all should be {np.dtype(dtype)}.")
        np.testing.assert_allclose(mine, other, rtol=tolerance, atol=tolerance)


def with_autograd(comparison: Comparison, arrays: list[Any]) -> Function:
    """The same in torch: tensors of the same memory, labels as integers, as one would write it there."""
    X, Y, *parameters = arrays
    targets = Y if comparison.model == "linear-regression" else Y.argmax(axis=1)
    tensors = [torch.as_tensor(parameter).requires_grad_() for parameter in parameters]
    inputs, labels = torch.as_tensor(X), torch.as_tensor(targets)
    return lambda: comparison.by_autograd(inputs, labels, *tensors)


def report(pairs: int) -> bool:
    """Print the table; true when every target is met."""
    if torch is not None:
        torch.set_num_threads(1)
    print(f"Medians of {pairs} interleaved pairs (quartiles), generated / peer; one thread, NumPy {np.__version__}, "
          f"{'torch is not installed' if torch is None else f'torch {torch.__version__}'}.\n")  # fmt: skip
    print(f"{'':36} {'dtype':8} {'against hand-written':>22} {'at most':>8} {'against autograd':>22} {'below':>6}")
    is_met = True
    for comparison in COMPARISONS:
        for dtype in (np.float32, np.float64):
            arrays, function = comparison.arrays(dtype), comparison.generated()
            check_equal(function(*arrays), comparison.by_hand(*arrays), dtype)
            ours, theirs = partial(function, *arrays), partial(comparison.by_hand, *arrays)
            by_hand = ratios(ours, theirs, pairs)
            is_met &= median(by_hand) <= comparison.limit
            line = f"{comparison.label:36} {np.dtype(dtype).name:8} {_spread(by_hand):>22} {comparison.limit:8.2f}"
            if torch is not None:
                autograd = with_autograd(comparison, arrays)
                outputs = tuple(output.detach().numpy() for output in autograd())
                check_equal(function(*arrays), outputs, dtype)
                raced = ratios(ours, autograd, pairs)
                limit = f"{AUTOGRAD_LIMIT:6.2f}" if comparison.must_beat_autograd else ""
                is_met &= not comparison.must_beat_autograd or median(raced) < AUTOGRAD_LIMIT
                line += f" {_spread(raced):>22} {limit}"
            print(line, flush=True)
    print("\nEvery target is met." if is_met else "\nA target is missed.")
    return is_met


def _spread(found: list[float]) -> str:
    low, _, high = quantiles(found, n=4)
    return f"{median(found):.2f} ({low:.2f}-{high:.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=31, help="pairs of samples for each figure; 31 or more")
    if not report(parser.parse_args().pairs):
        sys.exit(1)


if __name__ == "__main__":
    main()
