"""Steps of training against the same steps in a plain loop, and against PyTorch where torch is installed.

    python benchmarks/training.py [--mnist mnist.npz] [--pairs 40]

The reference network 784-128-64-10 learns from 60,000 images in float32, in mini-batches of 30. The epoch is cut into
as many parts as there are pairs; each part is learnt twice, by `checkers.training` and by its peer, in alternating
order. The peer in NumPy is what a good NumPy programmer writes first. The peer in PyTorch is eager: nn.Linear, ReLU,
cross_entropy and SGD, its batches taken from a tensor by index.

A student's functions (the bundled solutions) learn in a process of their own, as in `gradcheck train`; their peer calls
the same functions with the same batches in a plain loop. A pair is an epoch of each. "In the loop" is the processor
time of the steps alone; "an epoch" is by the clock, with the messages to the process and back. A message costs some
tenths of a millisecond whatever it holds, and an epoch at least one: with the digits, whose epoch takes 2 to 4 ms, that
is told and not judged. Of the images, softmax regression learns all, and the perceptron so many that an epoch takes
about as long, 0.1 s.

Everything has one thread. A figure is the median of the ratios of the pairs (ours / peer), with its quartiles; below 1
ours is faster. Both must come to the same costs in the first 100 mini-batches, or the race means nothing. Costs on all
samples in the end are compared too, but not judged: PyTorch adds in another order, and once a relu whose input is near
0 is open in one and shut in the other, float32 runs part (in float64 they agree to 1e-13 over the epoch).

Without --mnist the images are made: as many pixels, one cloud for each class.
"""
# ruff: noqa: E402 -- the number of threads must be set before NumPy is imported

from __future__ import annotations

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ[variable] = "1"

import argparse
import importlib.util
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from checkers.reference_mlp import ReferenceMLP
from checkers.student_answers import Outcome
from checkers.training.batches import mini_batches
from checkers.training.dataset import Samples
from checkers.training.history import History
from checkers.training.reference_learner import Layers, ReferenceLearner, measured
from checkers.training.run import epochs
from checkers.training.settings import Settings
from checkers.training.student_learner import StudentLearner
from gradcheck.datasets import read_npz
from gradcheck.training import Request, prepared

try:
    import torch
except ImportError:
    torch = None  # type: ignore[assignment]

Array = NDArray[Any]

ROOT = Path(__file__).parents[1]
SIZES = (784, 128, 64, 10)
BATCH = 30
RATE = 0.1
FEWER = 6000  # images of an epoch of the student's perceptron: 200 steps, 0.1 s
LONG = 15_000  # samples of a pair in the loop: 500 steps, long against the machine's moods
LIMIT, AUTOGRAD_LIMIT, OVERHEAD_LIMIT = 1.25, 1.0, 1.15
COMPARED = 100  # mini-batches whose costs must agree
AGREEMENT = {"float32": 1e-4, "float64": 1e-12}  # relative, for rounding of 6e-8 and 1e-16 in each of 100 steps


@dataclass(frozen=True)
class Race:
    """What came of one comparison.

    Attributes:
        times: seconds of ours and of the peer, pair by pair.
        steps: of each.
        costs: of the mini-batches, by ours and by the peer.
        ends: costs on all samples in the end, likewise.
        limit: of the ratio; None where it is told and not judged.
    """

    label: str
    dtype: str
    peer: str
    times: Sequence[tuple[float, float]]
    steps: float
    costs: tuple[Sequence[float], Sequence[float]]
    ends: tuple[float, float]
    limit: float | None

    @property
    def ratios(self) -> list[float]:
        """Ours over the peer's, pair by pair."""
        return [ours / theirs for ours, theirs in self.times]

    @property
    def difference(self) -> float:
        """The largest relative difference of the first mini-batches' costs."""
        ours, theirs = (np.array(costs[:COMPARED]) for costs in self.costs)
        return float(np.abs(ours / theirs - 1).max())

    @property
    def is_met(self) -> bool:
        """Is ours fast enough, and are both the same training?"""
        is_fast = self.limit is None or median(self.ratios) <= self.limit
        return is_fast and self.difference <= AGREEMENT[self.dtype]

    def cells(self) -> list[str]:
        """A row of the table."""
        low, middle, high = quantiles(self.ratios, n=4)
        step = 1e6 * median(ours for ours, _ in self.times) / self.steps
        limit = "" if self.limit is None else f"{self.limit:.2f}"
        figures = [f"{step:.0f} µs", f"{middle:.2f}", f"{low:.2f} to {high:.2f}", limit]
        end = abs(self.ends[0] / self.ends[1] - 1)
        return [self.label, self.dtype, self.peer, *figures, f"{self.difference:.0e}", f"{end:.0e}"]


# The reference network and its peers ----------------------------------------------------------------------------------


class PlainNetwork:
    """The network and its step as one writes them by hand."""

    def __init__(self, layers: Layers, samples: Samples) -> None:
        self.parameters: list[Any] = [
            array for pair in zip(layers.weights, layers.biases, strict=True) for array in pair
        ]
        self.samples = samples
        self.costs: list[float] = []

    def learn(self, order: Array) -> None:
        """The steps of the samples in this order."""
        X, Y = self.samples.X, self.samples.Y
        W1, b1, W2, b2, W3, b3 = self.parameters
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            x, y = X[rows], Y[rows]
            n = len(x)
            z1 = x @ W1 + b1
            a1 = np.maximum(z1, 0)
            z2 = a1 @ W2 + b2
            a2 = np.maximum(z2, 0)
            z3 = a2 @ W3 + b3
            z3 -= z3.max(axis=1, keepdims=True)
            exponentials = np.exp(z3)
            sums = exponentials.sum(axis=1, keepdims=True)
            self.costs.append((np.log(sums[:, 0]) - (y * z3).sum(axis=1)).sum() / n)
            dz3 = (exponentials / sums - y) / n
            dz2 = dz3 @ W3.T * (z2 > 0)
            dz1 = dz2 @ W2.T * (z1 > 0)
            W3 -= RATE * (a2.T @ dz3)
            b3 -= RATE * dz3.sum(axis=0)
            W2 -= RATE * (a1.T @ dz2)
            b2 -= RATE * dz2.sum(axis=0)
            W1 -= RATE * (x.T @ dz1)
            b1 -= RATE * dz1.sum(axis=0)

    def layers(self) -> Layers:
        """The parameters as they are now."""
        return Layers(self.parameters[::2], self.parameters[1::2])


class TorchNetwork:
    """The same in torch, as one writes it there: labels are whole numbers."""

    def __init__(self, layers: Layers, samples: Samples) -> None:
        nn = torch.nn
        torch.set_num_threads(1)
        self.X, self.labels = torch.from_numpy(samples.X), torch.from_numpy(samples.Y.argmax(axis=1))
        self.linear = [nn.Linear(*W.shape) for W in layers.weights]
        self.network = nn.Sequential(self.linear[0], nn.ReLU(), self.linear[1], nn.ReLU(), self.linear[2])
        with torch.no_grad():
            for layer, W, b in zip(self.linear, layers.weights, layers.biases, strict=True):
                layer.weight.copy_(torch.from_numpy(W.T))
                layer.bias.copy_(torch.from_numpy(b))
        self.descent = torch.optim.SGD(self.network.parameters(), lr=RATE)
        self.costs: list[float] = []

    def learn(self, order: Array) -> None:
        """The steps of the samples in this order."""
        for rows in torch.from_numpy(order).split(BATCH):
            self.descent.zero_grad()
            cost = torch.nn.functional.cross_entropy(self.network(self.X[rows]), self.labels[rows])
            cost.backward()
            self.descent.step()
            self.costs.append(cost.item())

    def layers(self) -> Layers:
        """The parameters as they are now."""
        arrays = [(one.weight.detach().numpy().T, one.bias.detach().numpy()) for one in self.linear]
        return Layers([W for W, _ in arrays], [b for _, b in arrays])


def reference_races(samples: Samples, pairs: int) -> Iterator[Race]:
    """One epoch by the reference learner against its peers."""
    peers: dict[str, Any] = {"plain NumPy": (PlainNetwork, LIMIT)}
    if torch is not None:
        peers[f"PyTorch {torch.__version__}"] = (TorchNetwork, AUTOGRAD_LIMIT)
    network = ReferenceMLP()
    start = Layers.drawn(SIZES, "he", np.random.default_rng(0), dtype=np.float32)
    batches = mini_batches(np.random.default_rng(1).permutation(len(samples)), BATCH)
    parts = [np.concatenate(part) for part in np.array_split(batches, pairs)]
    for name, (make, limit) in peers.items():
        learner, peer = ReferenceLearner(network, start.copy()), make(start.copy(), samples)
        costs: list[float] = []

        def learn(order: Array, learner: ReferenceLearner = learner, costs: list[float] = costs) -> None:
            costs.extend(learner.learn(samples, mini_batches(order, BATCH), RATE))

        times = list(paired(parts, partial(seconds, learn), partial(seconds, peer.learn)))
        mine, other = (measured(network, layers, samples).cost for layers in (learner.layers, peer.layers()))
        steps = len(batches) / pairs
        yield Race("reference", "float32", name, times, steps, (costs, peer.costs), (mine, other), limit)


# A student's functions ------------------------------------------------------------------------------------------------


class PlainSoftmax:
    """A student's functions of softmax regression, called in a plain loop."""

    def __init__(self, functions: Any, parameters: dict[str, Array], samples: Samples) -> None:
        self.functions, self.samples = functions, samples
        self.parameters = {name: np.array(array, order="C") for name, array in parameters.items()}
        self.costs: list[float] = []

    def learn(self, order: Array) -> None:
        """The steps of the samples in this order."""
        X, Y, functions = self.samples.X, self.samples.Y, self.functions
        W, b = self.parameters["W"], self.parameters["b"]
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            x, y = X[rows], Y[rows]
            self.costs.append(functions.cross_entropy(functions.model_forward(x, W, b), y))
            dW, db = functions.model_backward(x, y, W, b)
            W -= RATE * dW
            b -= RATE * db


class PlainPerceptron(PlainSoftmax):
    """The same for the perceptron: samples are columns, parameters in a dict, biases columns."""

    def __init__(self, functions: Any, parameters: dict[str, Array], samples: Samples) -> None:
        columns = {name: array[:, None] if array.ndim == 1 else array for name, array in parameters.items()}
        super().__init__(functions, columns, samples)

    def learn(self, order: Array) -> None:
        """The steps of the samples in this order."""
        X, Y, functions, parameters = self.samples.X, self.samples.Y, self.functions, self.parameters
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            x, y = X[rows].T, Y[rows].T
            self.costs.append(functions.cross_entropy(functions.model_forward(x, parameters), y))
            gradients = functions.model_backward(x, y, parameters)
            for name in parameters:
                parameters[name] -= RATE * gradients[name]


@dataclass(frozen=True)
class Trial:
    """A student's functions on some data.

    Attributes:
        data: "digits", or the path of an .npz file.
        epoch_limit: of the ratio of whole epochs; None where it is told and not judged.
    """

    exercise: str
    peer: type[PlainSoftmax]
    label: str
    data: str
    hidden: tuple[int, ...]
    dtype: str
    epoch_limit: float | None

    def races(self, pairs: int) -> Iterator[Race]:
        """The bundled solution of the exercise in its own process, against a plain loop that calls it here."""
        file = ROOT / "exercises" / self.exercise.replace("-", "_") / "solution.py"
        settings = Settings(epochs=pairs + 1, batch=BATCH, rate=RATE)
        request = Request(self.exercise, file, data=self.data, hidden=self.hidden, dtype=self.dtype)
        with prepared(request, settings) as (trained, learners, _):
            learner, samples, history = learners[file.name], trained.data.train, History()
            if not isinstance(learner, StudentLearner):
                raise TypeError(f"{file} should be learnt in its own process, and not by {learner}")
            student = learner.student
            peer = self.peer(module_of(file), learner.parameters(), samples)
            run = epochs("", learner, trained.data, settings, history, lambda *_: None)
            next(run)  # the model before its first step
            generator = np.random.default_rng(settings.seed)  # as that of the run, and so the batches are the same
            orders = [generator.permutation(len(samples)) for _ in range(settings.epochs)]

            def in_the_loop(order: Array) -> float:
                ends = np.cumsum([len(rows) for rows in mini_batches(order, BATCH)])
                result = student.call("__gradcheck_learn", (order, ends, RATE))
                if result.outcome is not Outcome.VALUE:
                    raise RuntimeError(f"the steps were not taken: {result}")
                return result.cpu_seconds

            whole = list(paired(orders, lambda _: next(run).seconds, partial(seconds, peer.learn)))
            costs = history.costs, list(peer.costs)
            ends = history.last.train.cost, self._cost(learner, peer, samples)
            longer = [np.tile(order, -(-LONG // len(order))) for order in orders]
            inner = list(paired(longer, in_the_loop, partial(seconds, peer.learn, clock=time.process_time)))
        steps, more = (len(mini_batches(some[0], BATCH)) for some in (orders, longer))
        label = f"{self.exercise}, {self.label}"
        # The first epoch of each is left out: its memory is new.
        yield Race(f"{label}: in the loop", self.dtype, "plain calls", inner[1:], more, costs, ends, OVERHEAD_LIMIT)
        yield Race(f"{label}: an epoch", self.dtype, "plain calls", whole[1:], steps, costs, ends, self.epoch_limit)

    @staticmethod
    def _cost(learner: StudentLearner, peer: PlainSoftmax, samples: Samples) -> float:
        """Of the peer's parameters on all samples, by the exercise's own functions."""
        parameters = {name: peer.parameters[name].reshape(now.shape) for name, now in learner.parameters().items()}
        return learner.objective.measure(parameters, samples, classes=True).cost


def module_of(file: Path) -> Any:
    """A student's file as a module of this process."""
    spec = importlib.util.spec_from_file_location("solution", file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def trials(whole: str, fewer: str) -> tuple[Trial, ...]:
    """What students' functions are measured on.

    Args:
        whole, fewer: paths of .npz files, with all images and with `FEWER`.
    """
    return (
        Trial("softmax-regression", PlainSoftmax, "digits", "digits", (), "float64", None),
        Trial("mlp", PlainPerceptron, "digits, 32", "digits", (32,), "float64", None),
        Trial("softmax-regression", PlainSoftmax, "images", whole, (), "float32", OVERHEAD_LIMIT),
        Trial("mlp", PlainPerceptron, "images, 128-64", fewer, (128, 64), "float32", OVERHEAD_LIMIT),
    )


# ----------------------------------------------------------------------------------------------------------------------


def seconds(learn: Callable[[Array], None], order: Array, *, clock: Callable[[], float] = time.perf_counter) -> float:
    start = clock()
    learn(order)
    return clock() - start


def paired(
    orders: Sequence[Array], ours: Callable[[Array], float], theirs: Callable[[Array], float]
) -> Iterator[tuple[float, float]]:
    """Seconds of both for the samples in each of these orders; which is first alternates."""
    for number, order in enumerate(orders):
        if number % 2:
            mine = ours(order)
            yield mine, theirs(order)
        else:
            other = theirs(order)
            yield ours(order), other


def made_images() -> dict[str, Array]:
    """Pixels of 60,000 images and 10,000 to test, as many as MNIST has: a cloud for each of ten classes."""
    generator = np.random.default_rng(0)
    centres = np.where(generator.random((SIZES[-1], SIZES[0])) < 0.2, np.uint8(255), np.uint8(0))
    found: dict[str, Array] = {}
    for part, count in (("train", 60_000), ("test", 10_000)):
        labels = generator.integers(0, SIZES[-1], count)
        noise = generator.integers(0, 256, (count, SIZES[0]), dtype=np.uint8)
        found |= {f"x_{part}": np.where(noise < 128, centres[labels], noise), f"y_{part}": labels}
    return found


def races(images: dict[str, Array], pairs: int) -> Iterator[Race]:
    """All comparisons, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        whole, fewer = Path(folder, "images.npz"), Path(folder, "fewer.npz")
        np.savez(whole, **images)
        np.savez(fewer, **{name: array[:FEWER] for name, array in images.items()})
        yield from reference_races(read_npz(whole).train.as_type(np.float32), pairs)
        for trial in trials(str(whole), str(fewer)):
            yield from trial.races(pairs)


def main() -> int:
    """Print the table; 1 where a limit is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--mnist", type=Path, help="mnist.npz, with x_train, y_train, x_test, y_test; made if left out")
    parser.add_argument(
        "--pairs", type=int, default=40, help="pairs of samples for each figure; 4 or more (default 40)"
    )
    arguments = parser.parse_args()
    if arguments.mnist is None:
        images = made_images()
    else:
        with np.load(arguments.mnist) as file:
            images = dict(file)
    title = f"Medians of {arguments.pairs} alternating pairs, one thread, NumPy {np.__version__}"
    columns = ("", "type", "peer", "a step", "ours / peer", "quartiles", "at most", "costs differ", "in the end")
    table = Table(*columns, title=title, title_justify="left")
    is_met = True
    for one in races(images, arguments.pairs):
        is_met &= one.is_met
        table.add_row(*one.cells(), style=None if one.is_met else "red")
    Console(width=150).print(table)
    print("Every limit is met." if is_met else "A limit is missed.")
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
