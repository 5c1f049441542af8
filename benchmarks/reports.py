"""Five student reports, run again: what they printed, and what the reference network comes to.

    python benchmarks/reports.py --mnist mnist.npz [--cifar10 cifar10.npz] [--only A,E] [--seeds 3]

Report A trains linear regression on Auto MPG, B and C train perceptrons on MNIST, D compares update rules, weights and
activations on its first 20,000 images, E is the two-layer network of the CIFAR-10 lecture with its toy check. A row
says what a report printed, what we get, and whether that is near enough; where it is not, why. Without a file, its rows
are left out. All rows of MNIST take about a quarter of an hour on one idle core, in float32 with one BLAS thread.
"""
# ruff: noqa: E402 -- the number of threads must be set before NumPy is imported

from __future__ import annotations

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(variable, "1")

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from checkers.reference_mlp import ReferenceMLP
from checkers.training.batches import mini_batches
from checkers.training.dataset import Dataset, Samples
from checkers.training.history import History
from checkers.training.reference_learner import Layers, ReferenceLearner
from checkers.training.run import train
from checkers.training.settings import Settings
from gradcheck.datasets import auto_mpg, read_npz

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of a report.

    Attributes:
        near: is ours as near as it should be; None for a figure that is only told.
        why: where ours differs, what we know of the reason.
    """

    quantity: str
    reported: str
    ours: str
    near: bool | None = None
    why: str = ""


# A: linear regression -------------------------------------------------------------------------------------------------

SEVEN = (-1.20, -0.18, -1.96, -16.84, 0.92, 8.87, 2.65, 25.63)  # seven weights and the bias


def report_a() -> Iterator[Row]:
    """Gradient descent on all 392 cars, from zero."""
    data = _whole(auto_mpg())
    one = replace(data, train=Samples(data.train.X[:, 2:3], data.train.Y))
    layers, _ = descended(one, rate=0.3, steps=3000)
    weight, bias = float(layers.weights[0][0, 0]), _bias(layers)
    for name, reported, ours in (("horsepower alone: w", -29.03, weight), ("horsepower alone: b", 32.67, bias)):
        yield Row(name, f"{reported:.2f}", f"{ours:.2f}", abs(ours - reported) <= 0.02)
    layers, _ = descended(data, rate=0.02, steps=4850)
    ours = np.append(layers.weights[0][:, 0], _bias(layers))
    for name, reported, value in zip((*data.features, "b"), SEVEN, ours, strict=True):
        yield Row(f"all seven: {name}", f"{reported:.2f}", f"{value:.2f}", abs(value - reported) <= 0.3)
    yield Row("rate 0.02, 4,850 steps", "weights above", "the nearest of them off by at most 0.3", None, NOT_CONVERGED)
    solution = _least_squares(data.train)
    yield Row("all seven, least squares", "not reported", ", ".join(f"{value:.2f}" for value in solution))
    _, costs = descended(data, rate=1.0, steps=50)
    yield Row("rate 1", "diverges", f"cost {costs[0]:.0f} -> {costs[-1]:.1e} in 50 steps", costs[-1] > 1e3 * costs[0])
    yield from _unnormalised()


NOT_CONVERGED = "the report stopped before it converged; the least-squares solution is the next row"


def _unnormalised() -> Iterator[Row]:
    """The largest rate that does not diverge, with features as they come, and how far it gets."""
    raw, scaled = _whole(auto_mpg(scaled=False)), _whole(auto_mpg())
    for data, name in ((scaled, "scaled"), (raw, "not scaled")):
        limit = _largest_rate(data.train)
        _, costs = descended(data, rate=0.99 * limit, steps=5000)
        _, over = descended(data, rate=1.05 * limit, steps=2000)
        best = float(np.mean((_with_ones(data.train.X) @ _least_squares(data.train) - data.train.Y[:, 0]) ** 2))
        ours = f"rates below {limit:.1e}; cost {costs[-1]:.1f} after 5,000 steps, least squares {best:.1f}"
        yield Row(f"features {name}", "", ours, over[-1] > over[0] > costs[-1])


def descended(data: Dataset, rate: float, steps: int) -> tuple[Layers, list[float]]:
    """Gradient descent on all samples at once, from zero; the costs before each step."""
    features = data.train.X.shape[1]
    learner = ReferenceLearner(ReferenceMLP(loss="mse"), Layers([np.zeros((features, 1))], [np.zeros(1)]))
    with np.errstate(all="ignore"):
        costs = [learner.step(data.train.X, data.train.Y, rate) for _ in range(steps)]
    return learner.layers, costs


def _largest_rate(samples: Samples) -> float:
    """2 over the largest curvature of the mean squared error: above it, gradient descent diverges."""
    X = _with_ones(samples.X)
    return float(2 / np.linalg.eigvalsh(2 / len(X) * X.T @ X).max())


def _least_squares(samples: Samples) -> Array:
    solution: Array = np.linalg.lstsq(_with_ones(samples.X), samples.Y[:, 0], rcond=None)[0]
    return solution


def _with_ones(X: Array) -> Array:
    return np.hstack([X, np.ones((len(X), 1))])


def _bias(layers: Layers) -> float:
    bias = layers.biases[0]
    return float("nan") if bias is None else float(bias[0])


def _whole(data: Dataset) -> Dataset:
    """All samples for training, as the report has it."""
    X, Y = np.vstack([data.train.X, data.test.X]), np.vstack([data.train.Y, data.test.Y])
    return replace(data, train=Samples(X, Y))


# B and C: perceptrons on MNIST ----------------------------------------------------------------------------------------

LARGE = (784, 128, 64, 10)


def report_b(mnist: Dataset, seeds: int) -> Iterator[Row]:
    """Mini-batches of 30, rate 0.01, 50 epochs, in a fixed order."""
    settings = Settings(epochs=50, batch=30, rate=0.01, shuffle=False)
    for name, sizes, activation, start, reported in (
        ("softmax [784, 10]", (784, 10), "relu", as_written, 92.06),
        ("relu [784, 128, 64, 10]", LARGE, "relu", as_written, 97.27),
        ("sigmoid, the code's own start", LARGE, "sigmoid", as_coded, 89.64),
    ):
        accuracies = [
            _accuracies(mnist, sizes, activation, start(sizes, seed), replace(settings, seed=seed), (50,))[0]
            for seed in range(seeds)
        ]
        yield _accuracy_row(name, reported, accuracies)


def as_written(sizes: Sequence[int], seed: int) -> Layers:
    """What report B's text says: normal weights of mean 0 and variance 0.01, biases zero."""
    generator = np.random.default_rng(seed)
    layers = Layers.drawn(sizes, "normal", generator, dtype=np.float32)
    for W in layers.weights:
        W *= 10  # noqa: PLW2901 - in place: a standard deviation of 0.01 becomes 0.1
    return layers


def as_coded(sizes: Sequence[int], seed: int) -> Layers:
    """What report B's code does: weights uniform on [0, 0.01), biases on [0, 1/sqrt(fan-in)), one seed for all."""
    weights, biases = [], []
    for inputs, outputs in pairwise(sizes):
        old = np.random.RandomState(42 + seed)
        weights.append(old.uniform(0, 0.01, (outputs, inputs)).T.astype(np.float32))
        biases.append(old.uniform(0, np.sqrt(1 / inputs), outputs).astype(np.float32))
    return Layers(weights, list(biases))


def report_c(mnist: Dataset, seeds: int) -> Iterator[Row]:
    """Rate 0.05, mini-batches of 64, 100 epochs and then 200; the sizes are not given there, so they are report B's."""
    settings, at = Settings(epochs=200, batch=64, rate=0.05), (100, 200)
    accuracies = [
        _accuracies(mnist, LARGE, "relu", as_written(LARGE, seed), replace(settings, seed=seed), at)
        for seed in range(seeds)
    ]
    for epochs, found in zip(at, zip(*accuracies, strict=True), strict=True):
        yield _accuracy_row(f"rate 0.05, batch 64, {epochs} epochs", 98.0, found)


def _accuracies(
    data: Dataset, sizes: Sequence[int], activation: str, layers: Layers, settings: Settings, at: Sequence[int]
) -> list[float]:
    """Percent of the test images, after each of these numbers of epochs."""
    learner = ReferenceLearner(ReferenceMLP(activation), layers)
    generator = np.random.default_rng(settings.seed)
    found = []
    for epoch in range(1, settings.epochs + 1):
        order = generator.permutation(len(data.train)) if settings.shuffle else np.arange(len(data.train))
        learner.learn(data.train, mini_batches(order, settings.batch), settings.rate)
        if epoch in at:
            found.append(100 * (learner.measure(data.test, classes=True).accuracy or 0.0))
    return found


def _accuracy_row(name: str, reported: float, accuracies: Sequence[float]) -> Row:
    ours = f"{mean(accuracies):.2f} %"
    if len(accuracies) > 1:
        ours += f", from {min(accuracies):.2f} to {max(accuracies):.2f} over {len(accuracies)} seeds"
    return Row(name, f"{reported:.2f} %", ours, all(abs(accuracy - reported) <= 1 for accuracy in accuracies))


# D: update rules, weights, activations --------------------------------------------------------------------------------


def report_d(mnist: Dataset, seeds: int) -> Iterator[Row]:
    """The first 20,000 images, normalised, with a column of ones in place of the first layer's bias."""
    pixels = 255.0 * mnist.train.X[:20_000].astype(float)
    for name, reported, ours in (("mean", 33.5, pixels.mean()), ("standard deviation", 78.9, pixels.std())):
        yield Row(f"pixels: {name}", f"{reported}", f"{ours:.2f}", abs(ours - reported) <= 0.1)
    for sizes, reported in (((785, 64, 10), 50_880), ((785, 64, 64, 10), 54_976)):
        count = Layers.drawn(sizes, "normal", np.random.default_rng(0), biases=False).count
        yield Row(f"parameters {sizes}", f"{reported:,}", f"{count:,}", count == reported)
    data = _normalised(mnist, float(pixels.mean()), float(pixels.std()))
    yield from _tricks(data, seeds)
    yield from _widths(data, seeds)
    yield from _depths(data, seeds)


@dataclass(frozen=True, slots=True)
class Trick:
    """A way to train.

    Attributes:
        start: an initialiser's name, or "wide" for weights uniform on [-1, 1).
    """

    name: str
    start: str
    activation: str
    settings: Settings


PLAIN = Settings(epochs=20, batch=32, rate=0.1)
# Each with those before it, as the report adds them. Rates, batch and the plain weights are ours: it does not say them.
IMPROVED_WEIGHTS = Trick("improved weights", "fan-in", "sigmoid", PLAIN)
TRICKS = (
    Trick("plain: sigmoid, weights uniform on [-1, 1)", "wide", "sigmoid", PLAIN),
    IMPROVED_WEIGHTS,
    Trick("and improved sigmoid", "fan-in", "improved-sigmoid", PLAIN),
    Trick("and momentum 0.9, rate 0.02", "fan-in", "improved-sigmoid", replace(PLAIN, rate=0.02, momentum=0.9)),
)


def _tricks(data: Dataset, seeds: int) -> Iterator[Row]:
    """Epochs until the training cost is that of the way before after ten epochs; the accuracy on the test images."""
    before: list[History] = []
    for trick in TRICKS:
        histories = [_history(data, (785, 64, 10), trick, seed) for seed in range(seeds)]
        final = f"test accuracy {_mean_final(histories):.2f} % after 20 epochs"
        if not before:
            yield Row(trick.name, "", final)
        else:
            goals = [history.epochs[10].train.cost for history in before]
            needed = [history.first_below(goal) for history, goal in zip(histories, goals, strict=True)]
            ours = f"{', '.join(map(str, needed))} epochs to the cost that took 10 before; {final}"
            yield Row(trick.name, "fewer epochs", ours, all(number is not None and number < 10 for number in needed))
        if trick is IMPROVED_WEIGHTS:
            better = _mean_final(histories) > _mean_final(before)
            ours = f"{_mean_final(histories):.2f} % against {_mean_final(before):.2f} %"
            yield Row(f"{trick.name}: test accuracy", "generalise better", ours, better)
        before = histories


def _widths(data: Dataset, seeds: int) -> Iterator[Row]:
    """32 and 128 units in place of 64, of which the report gives no figures, and when early stopping ends."""
    for units in (32, 128):
        histories = [_history(data, (785, units, 10), TRICKS[-1], seed) for seed in range(seeds)]
        yield Row(f"{units} units, test accuracy", "", f"{_mean_final(histories):.2f} % after 20 epochs")
    early = replace(TRICKS[-1], settings=replace(TRICKS[-1].settings, epochs=100, patience=PATIENCE))
    histories = [_history(data, (785, 64, 10), early, seed) for seed in range(seeds)]
    ended = ", ".join(str(history.last.number) for history in histories)
    ours = f"ends after {ended} epochs; best test cost {mean(h.best.test.cost for h in histories):.4f}"
    yield Row(f"early stopping, patience {PATIENCE}", "", ours)


# Epochs without a lower test cost; the report does not say how many it waited for.
PATIENCE = 3


def _depths(data: Dataset, seeds: int) -> Iterator[Row]:
    """Ten layers of 64 against one."""
    finals = {}
    for depth in (1, 10):
        sizes = (785, *[64] * depth, 10)
        finals[depth] = _mean_final([_history(data, sizes, TRICKS[-1], seed) for seed in range(seeds)])
    ours = f"{finals[10]:.2f} % against {finals[1]:.2f} %"
    yield Row("ten layers of 64 against one, test accuracy", "worse", ours, finals[10] < finals[1])


def _mean_final(histories: Sequence[History]) -> float:
    """Percent of the test images after the last epoch, in the mean."""
    return 100 * mean(_final(history) for history in histories)


def _final(history: History) -> float:
    return history.last.test.accuracy or 0.0


def _history(data: Dataset, sizes: Sequence[int], trick: Trick, seed: int) -> History:
    generator = np.random.default_rng(seed)
    layers = Layers.drawn(sizes, "fan-in", generator, dtype=np.float32, biases=False)
    if trick.start == "wide":
        layers.weights = [generator.uniform(-1, 1, W.shape).astype(np.float32) for W in layers.weights]
    learner = ReferenceLearner(ReferenceMLP(trick.activation), layers, momentum=trick.settings.momentum)
    return train(learner, data, replace(trick.settings, seed=seed))


def _normalised(mnist: Dataset, center: float, spread: float) -> Dataset:
    def prepared(samples: Samples) -> Samples:
        X = (255.0 * samples.X - center) / spread
        return Samples(np.hstack([X, np.ones((len(X), 1))]), samples.Y).as_type(np.float32)

    first = Samples(mnist.train.X[:20_000], mnist.train.Y[:20_000])
    return replace(mnist, train=prepared(first), test=prepared(mnist.test), image=None)


# E: the two-layer network ---------------------------------------------------------------------------------------------

NETWORK = ReferenceMLP(l2="full")
TOY_LABELS = np.eye(3)[[0, 1, 2, 2, 1]]
TOY_LOSS = 1.30378789133


def toy() -> tuple[Layers, Samples]:
    """Input 4, hidden 10, 3 classes, five samples: weights after seed 0, inputs after seed 1."""
    np.random.seed(0)
    W1, W2 = 0.1 * np.random.randn(4, 10), 0.1 * np.random.randn(10, 3)
    np.random.seed(1)
    return Layers([W1, W2], [np.zeros(10), np.zeros(3)]), Samples(10 * np.random.randn(5, 4), TOY_LABELS)


def report_e() -> Iterator[Row]:
    """The toy check: the loss, the relative errors of the gradients, a hundred steps."""
    layers, samples = toy()
    loss = NETWORK.loss_value(layers.weights, layers.biases, samples.X, samples.Y, 0.05)
    difference = abs(loss - TOY_LOSS)
    yield Row("loss against 1.30378789133", "1.794e-13", f"{difference:.3e}", difference < 1e-12, ROUNDING)
    for name, reported in (("W2", 3.440708e-09), ("W1", 3.561318e-09), ("b2", 3.865070e-11), ("b1", 1.555470e-09)):
        ours = toy_error(name)
        is_bias = name.startswith("b")
        near = reported / 2 < ours < 2 * reported if is_bias else abs(ours / reported - 1) < 1e-3
        yield Row(f"relative error of {name}", f"{reported:.6e}", f"{ours:.6e}", near, BIAS_ROUNDING * is_bias)
    for name, seed in (("after the weight draws", 0), ("after the data draws", 1)):
        ours = toy_run(seed)
        yield Row(f"loss of step 100, generator going on {name}", "0.015543", f"{ours:.6f}", None, BATCHES)


ROUNDING = "the last digits of one rounding"
BIAS_ROUNDING = "rounding of the loss divided by 2h: it depends on the order of additions"
BATCHES = "the report does not say where its generator stood, and so which batches it drew"


def toy_error(name: str, h: float = 1e-5) -> float:
    """max |a - n| / max(1e-8, |a| + |n|) of one array's gradient against its central difference."""
    layers, samples = toy()
    gradients = NETWORK.gradients(layers.weights, layers.biases, samples.X, samples.Y, 0.05)
    number = int(name[1]) - 1
    array = (layers.weights if name.startswith("W") else layers.biases)[number]
    found = (gradients.weights if name.startswith("W") else gradients.biases)[number]
    measured = np.zeros_like(array)
    for place in np.ndindex(array.shape):
        old, values = array[place], []
        for array[place] in (old + h, old - h):
            values.append(NETWORK.loss_value(layers.weights, layers.biases, samples.X, samples.Y, 0.05))
        array[place], measured[place] = old, (values[0] - values[1]) / (2 * h)
    return float(np.max(np.abs(found - measured) / np.maximum(1e-8, np.abs(found) + np.abs(measured))))


def toy_run(seed: int) -> float:
    """The loss of the hundredth batch; batches of 200 are drawn from the five samples, with the legacy generator."""
    layers, samples = toy()
    old = np.random.RandomState(seed)
    old.randn(70 if seed == 0 else 20)  # what was drawn before: 4 x 10 + 10 x 3 weights, or 5 x 4 inputs
    learner = ReferenceLearner(NETWORK, layers, reg=5e-6)
    loss = 0.0
    for step in range(100):
        rows = old.choice(5, 200)
        loss = learner.step(samples.X[rows], samples.Y[rows], 0.1 * 0.95**step)
    return loss


def report_e_cifar(cifar10: Dataset, steps: int = 2000) -> Iterator[Row]:
    """CIFAR-10: hidden layers of 100, rate 1e-3 times 0.95 an epoch, lambda 0.5, batches of 200.

    The report trained two layers, and four to six. Its weights have a standard deviation of 1e-4.
    """
    kept = len(cifar10.train) * 49 // 50  # 49,000 of 50,000; the rest is for validation
    center = 255 * cifar10.train.X[:kept].mean(axis=0)
    training, test = centred(cifar10.train, center), centred(cifar10.test, center)
    validation = Samples(training.X[kept:], training.Y[kept:])
    for depth, validated, tested in ((2, 49.6, 51.0), (4, 10.0, 10.0), (5, 10.0, 10.0), (6, 10.0, 10.0)):
        generator = np.random.default_rng(0)
        sizes = (training.X.shape[1], *[100] * (depth - 1), training.Y.shape[1])
        layers = Layers.drawn(sizes, "normal", generator, dtype=np.float32)
        layers.weights = [W * np.float32(0.01) for W in layers.weights]
        learner = ReferenceLearner(NETWORK, layers, reg=0.5)
        for step in range(steps):
            rows = generator.integers(0, kept, 200)
            learner.step(training.X[rows], training.Y[rows], 1e-3 * 0.95 ** (step // max(1, kept // 200)))
        for name, samples, reported in (("validation", validation, validated), ("test", test, tested)):
            accuracy = 100 * (learner.measure(samples, classes=True).accuracy or 0.0)
            near = abs(accuracy - reported) <= 2 if depth == 2 else accuracy < 15
            yield Row(f"CIFAR-10, {depth} layers, {name}", f"{reported} %", f"{accuracy:.1f} %", near)


def centred(samples: Samples, center: Array) -> Samples:
    """Pixels from 0 to 255, less their mean; in place after one copy, for 50,000 images take 600 MB."""
    X = 255 * samples.X
    X -= center
    return Samples(X, samples.Y)


# ----------------------------------------------------------------------------------------------------------------------


def main() -> int:
    """Print every table; 1 where a figure is not near the report's."""
    arguments = _arguments()
    mnist = read_npz(arguments.mnist).as_type(np.float32) if arguments.mnist else None
    cifar10 = read_npz(arguments.cifar10).as_type(np.float32) if arguments.cifar10 else None
    tables: dict[str, tuple[str, Dataset | bool | None, Callable[[], Iterator[Row]]]] = {
        "A": ("A: linear regression, Auto MPG", True, report_a),
        "E": ("E: two-layer network, toy check", True, report_e),
        "D": ("D: update rules, 20,000 MNIST images", mnist, lambda: report_d(_given(mnist), arguments.seeds)),
        "B": ("B: perceptrons, MNIST", mnist, lambda: report_b(_given(mnist), arguments.seeds)),
        "C": ("C: perceptron, MNIST", mnist, lambda: report_c(_given(mnist), arguments.seeds)),
        "F": ("E: two-layer network, CIFAR-10", cifar10, lambda: report_e_cifar(_given(cifar10))),
    }
    console = Console(width=150)
    far = 0
    for key, (title, data, rows) in tables.items():
        if key in arguments.only and data is not None:
            far += _print(console, title, rows())
    return 1 if far else 0


def _given(data: Dataset | None) -> Dataset:
    if data is None:
        raise ValueError("no data")
    return data


def _print(console: Console, title: str, rows: Iterator[Row]) -> int:
    """Print one table; how many figures are not near."""
    table = Table("quantity", "reported", "ours", "near", "why", title=title, title_justify="left")
    far = 0
    for row in rows:
        far += row.near is False
        table.add_row(row.quantity, row.reported, row.ours, {True: "yes", False: "NO", None: ""}[row.near], row.why)
    console.print(table)
    return far


def _arguments() -> Any:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--mnist", type=Path, help="mnist.npz, with x_train, y_train, x_test, y_test")
    parser.add_argument("--cifar10", type=Path, help="the same for CIFAR-10")
    parser.add_argument("--only", default="ABCDEF", help="the reports to run again, such as AE; F is E's CIFAR-10 run")
    parser.add_argument("--seeds", type=int, default=3, help="runs of each figure on MNIST (default 3)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
