"""What check_gradient finds, and at what cost, on a 784-128-64-10 relu network of 109,386 parameters at batch 30.

    python benchmarks/check_gradient.py [--seeds 20]

Every row is a gradient, right or with one planted mistake; the columns count verdicts over the seeds, with medians of
the evaluations of the loss and of the CPU time of one check, with one BLAS thread. The last column is torch's
gradcheck(fast_mode=True) on the same gradients, where torch is installed. The loss is written twice: once so that it
allows complex numbers (complex step), once so that it does not (central differences).
"""
# ruff: noqa: E402 -- the number of threads must be set before NumPy is imported

from __future__ import annotations

import os
import sys

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ[variable] = "1"

import argparse
import time
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checkers.findings import Verdict
from checkers.gradient_check import check_gradient
from checkers.gradient_report import GradientReport

Array = NDArray[Any]
Gradients = tuple[Array, ...]
SIZES = (784, 128, 64, 10)
BATCH = 30
FLIPS = 5
NAMES = ("W1", "b1", "W2", "b2", "W3", "b3")


@dataclass(frozen=True)
class Network:
    """Data and parameters of one seed."""

    X: Array
    labels: Array
    parameters: tuple[Array, ...]

    @classmethod
    def drawn(cls, seed: int) -> Network:
        """Inputs standard normal, weights by fan-in, biases 0."""
        rng = np.random.default_rng(seed)
        parameters: list[Array] = []
        for fan_in, fan_out in pairwise(SIZES):
            parameters += [rng.standard_normal((fan_in, fan_out)) / np.sqrt(fan_in), np.zeros(fan_out)]
        X = rng.standard_normal((BATCH, SIZES[0]))
        return cls(X, rng.integers(0, SIZES[-1], BATCH), tuple(parameters))

    def loss(self, *parameters: Array) -> Any:
        """Mean softmax cross-entropy; allows complex parameters."""
        W1, b1, W2, b2, W3, b3 = parameters
        A1 = np.maximum(self.X @ W1 + b1, 0)
        A2 = np.maximum(A1 @ W2 + b2, 0)
        Z3 = A2 @ W3 + b3
        Z3 = Z3 - Z3.real.max(axis=1, keepdims=True)
        log_sum = np.log(np.exp(Z3).sum(axis=1))
        return (log_sum - Z3[np.arange(BATCH), self.labels]).mean()

    def real_loss(self, *parameters: Array) -> float:
        """The same loss, written into arrays of float64: the complex step is not possible."""
        activations = self.X
        for W, b in zip(parameters[::2], parameters[1::2], strict=True):
            Z = np.empty((BATCH, W.shape[1]))
            Z[:] = activations @ W + b
            activations = np.abs(np.maximum(Z, 0))
        Z -= Z.max(axis=1, keepdims=True)
        return float((np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(BATCH), self.labels]).mean())

    def gradient(self, *parameters: Array, samples: int = BATCH, mask: bool = True) -> Gradients:
        """The gradient by hand; with fewer samples, or without the mask of layer 1, it is wrong."""
        W1, b1, W2, b2, W3, b3 = parameters
        X, labels = self.X[:samples], self.labels[:samples]
        Z1 = X @ W1 + b1
        A1 = np.maximum(Z1, 0)
        Z2 = A1 @ W2 + b2
        A2 = np.maximum(Z2, 0)
        Z3 = A2 @ W3 + b3
        P = np.exp(Z3 - Z3.max(axis=1, keepdims=True))
        P /= P.sum(axis=1, keepdims=True)
        P[np.arange(samples), labels] -= 1
        D3 = P / BATCH
        D2 = (D3 @ W3.T) * (Z2 > 0)
        D1 = (D2 @ W2.T) * ((Z1 > 0) if mask else 1)
        return X.T @ D1, D1.sum(axis=0), A1.T @ D2, D2.sum(axis=0), A2.T @ D3, D3.sum(axis=0)


def scaled(**factors: float) -> Callable[[Network], Callable[..., Gradients]]:
    def of(network: Network) -> Callable[..., Gradients]:
        def gradient(*parameters: Array) -> Gradients:
            found = network.gradient(*parameters)
            return tuple(factors.get(name, 1.0) * array for name, array in zip(NAMES, found, strict=True))

        return gradient

    return of


def ten_units_zeroed(network: Network) -> Callable[..., Gradients]:
    units = np.random.default_rng(len(network.labels)).choice(SIZES[1], 10, replace=False)

    def gradient(*parameters: Array) -> Gradients:
        dW1, *rest = network.gradient(*parameters)
        dW1[:, units] = 0
        return dW1, *rest

    return gradient


MISTAKES: dict[str, Callable[[Network], Callable[..., Gradients]]] = {
    "right": lambda network: network.gradient,
    "b1 times n": scaled(b1=BATCH),
    "b3 sign": scaled(b3=-1),
    "everything times 1.01": scaled(**dict.fromkeys(NAMES, 1.01)),
    "W1 times 1.001": scaled(W1=1.001),
    "relu mask of layer 1 missing": lambda network: lambda *p: network.gradient(*p, mask=False),
    "last sample dropped": lambda network: lambda *p: network.gradient(*p, samples=BATCH - 1),
    "ten units' W1 zeroed": ten_units_zeroed,
}


def timed(network: Network, gradient: Callable[..., Gradients], loss: Any, seed: int) -> tuple[GradientReport, float]:
    start = time.process_time()
    report = check_gradient(loss, gradient, network.parameters, seed=seed)
    return report, time.process_time() - start


def torch_fast_mode() -> Callable[[Network, Callable[..., Gradients]], bool] | None:
    """Whether torch's fast mode accepts a gradient; None where torch is not installed."""
    try:
        import torch  # noqa: PLC0415
        from torch.autograd import gradcheck as module  # noqa: PLC0415
    except ImportError:
        return None
    torch.set_num_threads(1)
    # On a failure torch runs its slow mode, 48 s here, only to word its message.
    sys.modules[module.__module__]._run_slow_mode_and_get_error = lambda *_: ""  # type: ignore[attr-defined]

    def accepts(network: Network, gradient: Callable[..., Gradients]) -> bool:
        X, labels = torch.tensor(network.X), torch.tensor(network.labels)

        class Planted(torch.autograd.Function):
            @staticmethod
            def forward(context: Any, *parameters: Any) -> Any:
                context.save_for_backward(*parameters)
                W1, b1, W2, b2, W3, b3 = parameters
                Z = torch.relu(torch.relu(X @ W1 + b1) @ W2 + b2) @ W3 + b3
                return torch.nn.functional.cross_entropy(Z, labels)

            @staticmethod
            def backward(context: Any, *outer: Any) -> Any:
                arrays = gradient(*(tensor.detach().numpy() for tensor in context.saved_tensors))
                return tuple(outer[0] * torch.tensor(array) for array in arrays)

        tensors = [torch.tensor(array, requires_grad=True) for array in network.parameters]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return bool(torch.autograd.gradcheck(Planted.apply, tensors, fast_mode=True, raise_exception=False))

    return accepts


def table(seeds: int, form: str) -> None:
    accepts = torch_fast_mode() if form == "loss" else None
    print(
        f"{'gradient':30} {'right':>5} {'wrong':>5} {'undecided':>9} {'evaluations':>11} {'CPU s':>6} {'max':>6}",
        end="",
    )
    print("  torch fast mode accepts" if accepts else "")
    for name, plant in MISTAKES.items():
        verdicts: Counter[Verdict] = Counter()
        evaluations, seconds, accepted = [], [], 0
        for seed in range(seeds):
            network = Network.drawn(seed)
            report, spent = timed(network, plant(network), getattr(network, form), seed)
            verdicts[report.verdict] += 1
            evaluations.append(report.evaluations)
            seconds.append(spent)
            accepted += bool(accepts and accepts(network, plant(network)))
        counts = [verdicts[verdict] for verdict in (Verdict.RIGHT, Verdict.WRONG, Verdict.UNDECIDED)]
        row = f"{name:30} {counts[0]:5} {counts[1]:5} {counts[2]:9} {median(evaluations):11.0f} {median(seconds):6.3f}"
        print(f"{row} {max(seconds):6.3f}" + (f"  {accepted} of {seeds}" if accepts else ""), flush=True)


def one_flipped_entry(seeds: int) -> None:
    """The chance of finding one W1 entry of flipped sign: computed from the right gradient's report, and measured."""
    accepts = torch_fast_mode()
    computed: list[float] = []
    found = located = accepted = 0
    for seed in range(seeds):
        network = Network.drawn(seed)
        dW1, *rest = network.gradient(*network.parameters)
        report = check_gradient(network.loss, (dW1, *rest), network.parameters, seed=seed)
        sure = report.tensors[0].smallest_error_found or np.inf
        nonzero = np.argwhere(dW1)
        computed.append(float(np.mean(2 * np.abs(dW1[dW1 != 0]) > sure)))
        rng = np.random.default_rng(seed)
        for index in map(tuple, nonzero[rng.choice(len(nonzero), FLIPS, replace=False)]):
            flipped = dW1.copy()
            flipped[index] *= -1
            gradients = (flipped, *rest)
            report = check_gradient(network.loss, gradients, network.parameters, seed=seed)
            found += report.verdict is Verdict.WRONG
            located += any(entry.index == index for entry in report.tensors[0].wrong)
            accepted += bool(accepts and accepts(network, lambda *_, same=gradients: same))
    total = seeds * FLIPS
    print(f"one W1 entry of flipped sign, among those that are not 0, {FLIPS} in each of {seeds} seeds:")
    print(f"  certain to be found, computed: {100 * np.mean(computed):.2f} % of entries")
    print(f"  found: {found} of {total}; and the entry named: {located} of {total}")
    if accepts:
        print(f"  torch fast mode accepts it: {accepted} of {total}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    seeds = parser.parse_args().seeds
    if torch_fast_mode() is None:
        print("torch is not installed: its column is left out.\n")
    for form, title in (("loss", "complex step possible"), ("real_loss", "complex step not possible")):
        print(f"{title}, {seeds} seeds")
        table(seeds, form)
        print()
    one_flipped_entry(seeds)


if __name__ == "__main__":
    main()
