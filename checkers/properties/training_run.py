"""`train_model(...)`: the parameters that mini-batch gradient descent reaches, and what is recorded on the way.

With one mini-batch an epoch there is one path that gradient descent can take; with five samples in mini-batches of two
there are ninety. All of them are taken here with the reference network, so that the parameters which come back tell in
which order the samples were used, and whether every sample was; from that, what each recorded number can be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, permutations
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ..findings import Finding
from .layers import Parameters, drawn, read
from .property import SEED, Arguments, Fault, Property, likely, seen
from .recorded import KINDS, NETWORK, Moment, metric_faults, recorded

AnyArray = NDArray[Any]
Rows = tuple[int, ...]

SIZES = (5, 7, 3)
TESTS = (0,)  # stands for the rows of the test set
# Of the way that the parameters went: single precision is off by less, by 1.3e-5 in the worst of 600 draws.
SAME = 5e-5
# Rates that stand in students' code where the one that is given belongs.
USUAL_RATES = (1.0, 0.5, 0.1, 0.05, 0.01, 0.005, 0.001)
HINTS = {
    "sign-flipped": "The gradient points uphill: a step is minus the rate times the gradient.",
    "samples-dropped": "In each epoch, take one step for each of the mini-batches.",
    "wrong-data": "A step uses the gradient of its own mini-batch, and of nothing else.",
    "wrong-count": "The gradient of a mini-batch is the mean over its own samples.",
    "mean-missing": "The cost is a mean over the samples, so its gradient has a factor 1/n.",
    "mean-twice": "The gradient of a mean has its factor 1/n already.",
    "term-missing": "Move all parameters in every step.",
    "sum-range": "range(epochs) runs as often as there are epochs.",
    "wrong-operand": "Put the new parameters in the place of the old after every step, with the rate that is given.",
    "unknown": "In each epoch, for each mini-batch: the gradient of its cost, and one step against it.",
}


@dataclass(frozen=True, slots=True)
class Path:
    """Steps of gradient descent from given parameters.

    Attributes:
        moments: the parameters before each step, with its rows; the last moment is after the last step, with no rows.
    """

    moments: tuple[Moment, ...]

    @property
    def end(self) -> Parameters:
        """Where it leads."""
        return self.moments[-1].parameters


class _Ends:
    """Where some paths lead."""

    def __init__(self, paths: list[Path], start: Mapping[str, AnyArray]) -> None:
        self.paths = paths
        self._ends = np.array([_flat(path.end.arrays()) for path in paths])
        begin = _flat(start)
        sizes = [array.size for array in start.values()]
        # Of each array, the largest way that an entry goes; of one that does not move, what rounding leaves.
        ways = np.split(np.abs(self._ends - begin), np.cumsum(sizes)[:-1], axis=1)
        self._near = np.hstack([np.repeat(SAME * way.max(axis=1, keepdims=True), way.shape[1], axis=1) for way in ways])

    def of(self, parameters: Parameters) -> Path | None:
        """The path that leads to these parameters, if one does."""
        is_end = np.all(np.abs(self._ends - _flat(parameters.arrays())) <= self._near, axis=1)
        return self.paths[int(is_end.argmax())] if is_end.any() else None


def _flat(arrays: Mapping[str, AnyArray]) -> AnyArray:
    return np.concatenate([array.reshape(-1) for array in arrays.values()])


Step = Callable[[Parameters, AnyArray, AnyArray, float], Parameters]


def _step(parameters: Parameters, X: AnyArray, Y: AnyArray, rate: float) -> Parameters:
    """One step of gradient descent."""
    gradients = NETWORK.gradients(parameters.weights, parameters.biases, X, Y)
    return Parameters(
        [W - rate * dW for W, dW in zip(parameters.weights, gradients.weights, strict=True)],
        [b - rate * db for b, db in zip(parameters.biases, gradients.biases, strict=True) if db is not None],
    )


def _questions(generator: Generator) -> Iterator[Run]:
    """Twice one epoch of three mini-batches for five samples; then three epochs of one mini-batch each."""
    yield _few(generator)
    yield _few(generator)  # of one accuracy, several things may be said
    yield Run(_drawn(generator, samples=41, batch_size=64, epochs=3))


def _few(generator: Generator) -> Run:
    """Of five samples; the accuracy is never 0 or 1, so that one sample's is another."""
    while True:
        few = Run(_drawn(generator, samples=5, batch_size=2, epochs=1))
        hits = [few.hits(path.end) for path in few.paths]
        if min(hits) > 0 and max(hits) < 5:
            return few


ARGUMENTS = ("X", "Y", "X_test", "Y_test", "parameters", "learning_rate", "batch_size", "epochs", SEED)
TRAINING_RUN = Property(ARGUMENTS, ("parameters", *KINDS), _questions)


@dataclass(frozen=True)
class Run:
    """A training run from given parameters."""

    given: Arguments

    def faults(self, value: Any) -> dict[str, Fault]:
        """The parameters first; then what was recorded, held against the path that led to them."""
        returned, history = recorded(value)
        parameters = read(returned, SIZES)
        if isinstance(parameters, Fault):
            return {"parameters": parameters, **metric_faults(history, None, self.given)}
        path = self._right.of(parameters)
        if path is not None:
            return metric_faults(history, path.moments, self.given)
        # What is recorded on another way may be right for that way.
        return {"parameters": Fault(lambda: self._explained(parameters)), **metric_faults(history, None, self.given)}

    @property
    def paths(self) -> list[Path]:
        """Gradient descent in every order in which the samples may be used."""
        return self._right.paths

    @cached_property
    def _right(self) -> _Ends:
        return _Ends([self._path(order) for order in self._orders], self.given["parameters"])

    @cached_property
    def _orders(self) -> list[list[Rows]]:
        """Every way to use each sample once an epoch: the rows of each step of the whole run."""
        samples, size = len(self.given["X"]), self.given["batch_size"]
        if size >= samples:
            return [[tuple(range(samples))] * self.given["epochs"]]
        return list(_cut(frozenset(range(samples)), size))

    def _path(self, order: Sequence[Rows], step: Step = _step) -> Path:
        given = self.given
        moments, parameters = [], Parameters.of(given["parameters"])
        for rows in order:
            moments.append(Moment(parameters, rows))
            parameters = step(parameters, given["X"][list(rows)], given["Y"][list(rows)], given["learning_rate"])
        return Path((*moments, Moment(parameters, ())))

    def hits(self, parameters: Parameters) -> int:
        """How many samples of the training set get their class."""
        output = NETWORK.forward(parameters.weights, parameters.biases, self.given["X"]).output
        return int((output.argmax(axis=1) == self.given["Y"].argmax(axis=1)).sum())

    # Mistakes ---------------------------------------------------------------------------------------------------------

    def _explained(self, parameters: Parameters) -> Finding:
        """The mistake that leads to these parameters."""
        for code, what, ends in self._wrong:
            if (path := ends.of(parameters)) is not None:
                say = likely if len(path.moments) > 1 else seen  # no step at all may have many reasons
                return say(code, f"parameters: {what}.", HINTS[code])
        samples, size, epochs = len(self.given["X"]), self.given["batch_size"], self.given["epochs"]
        if size >= samples:
            text = f"parameters: {epochs} steps of gradient descent on all samples lead elsewhere."
        else:
            text = f"parameters: no order of the samples in mini-batches of {size} leads there in one epoch."
        return seen("unknown", text, HINTS["unknown"])

    @cached_property
    def _wrong(self) -> list[tuple[str, str, _Ends]]:
        """Where each mistake leads."""
        start = self.given["parameters"]
        return [
            (code, what, _Ends([self._path(order, step) for order in orders], start))
            for code, what, orders, step in self._mistakes()
        ]

    def _mistakes(self) -> Iterator[tuple[str, str, list[list[Rows]], Step]]:
        """Code, what was done, the orders it may have been done in, and the step that was taken."""
        orders, samples = self._orders, len(self.given["X"])
        size, epochs = self.given["batch_size"], self.given["epochs"]
        everything = tuple(range(samples))
        yield "wrong-operand", "they come back as they went in; no step has moved them", [[]], _step
        yield "sign-flipped", "every step goes uphill", orders, _scaled(lambda n: -1.0)
        if size < samples:
            steps = len(orders[0])
            dropped = "one of the mini-batches is never used"
            yield "samples-dropped", dropped, _distinct(orders, steps - 1), _step
            yield "samples-dropped", "only the first mini-batch is used", _distinct(orders, 1), _step
            repeated: list[list[Rows]] = [[rows] * steps for rows in combinations(everything, size)]
            yield "samples-dropped", "every step uses the same mini-batch", repeated, _step
            at_once = [[everything] * count for count in (1, steps)]
            yield "wrong-data", "every step uses all samples, whatever the size of a mini-batch", at_once, _step
            singly: list[list[Rows]] = [[(row,) for row in order] for order in permutations(everything)]
            yield "wrong-data", "every step uses one sample, whatever the size of a mini-batch", singly, _step
            divided = "the gradient is divided by all samples, not by those of the mini-batch"
            yield "wrong-count", divided, orders, _scaled(lambda n: n / samples)
            divided = "the gradient of a smaller mini-batch is divided by the full size"
            yield "wrong-count", divided, orders, _scaled(lambda n: n / size)
        yield "mean-missing", "the gradient is the sum over the samples, not their mean", orders, _scaled(float)
        yield "mean-twice", "the gradient is divided by the number of samples twice", orders, _scaled(lambda n: 1 / n)
        yield "term-missing", "the biases are never moved", orders, _biases_stay
        yield "term-missing", "the weights are never moved", orders, _weights_stay
        if size >= samples:
            yield "wrong-data", "the steps use the test set", [[TESTS] * epochs], self._on_test_set
            for rate in USUAL_RATES:
                text = f"the learning rate is {rate:g}, whatever is given"
                yield "wrong-operand", text, orders, _at_rate(rate)
            for other in (count for count in range(1, epochs + 3) if count != epochs):
                text = f"{other} epoch{'s' * (other > 1)} led there, where {epochs} are asked for"
                yield "sum-range", text, [[everything] * other], _step

    def _on_test_set(self, parameters: Parameters, X: AnyArray, Y: AnyArray, rate: float) -> Parameters:
        return _step(parameters, self.given["X_test"], self.given["Y_test"], rate)


def _drawn(generator: Generator, samples: int, batch_size: int, epochs: int) -> Arguments:
    tests = 29
    labels = generator.permutation(np.arange(samples + tests) % SIZES[-1])
    Y, X = np.eye(SIZES[-1])[labels], generator.standard_normal((samples + tests, SIZES[0]))
    return {
        "X": X[:samples],
        "Y": Y[:samples],
        "X_test": X[samples:],
        "Y_test": Y[samples:],
        "parameters": drawn(SIZES, generator),
        "learning_rate": float(generator.uniform(0.1, 0.2)),
        "batch_size": batch_size,
        "epochs": epochs,
        "seed": int(generator.integers(1, 10_000)),
    }


def _cut(left: frozenset[int], size: int) -> Iterator[list[Rows]]:
    """Every sequence of as few mini-batches as hold the samples, none of them larger than `size`."""
    count = -(-len(left) // size)
    if count <= 1:
        yield [tuple(sorted(left))]
        return
    for length in range(len(left) - (count - 1) * size, size + 1):
        for first in combinations(sorted(left), length):
            for rest in _cut(left - set(first), size):
                yield [first, *rest]


def _scaled(factor: Callable[[int], float]) -> Step:
    """Steps whose gradient is multiplied by something that depends on how many samples the step has."""
    return lambda parameters, X, Y, rate: _step(parameters, X, Y, factor(len(X)) * rate)


def _at_rate(fixed: float) -> Step:
    """Steps that have a rate of their own."""
    return lambda parameters, X, Y, rate: _step(parameters, X, Y, fixed)


def _biases_stay(parameters: Parameters, X: AnyArray, Y: AnyArray, rate: float) -> Parameters:
    return Parameters(_step(parameters, X, Y, rate).weights, parameters.biases)


def _weights_stay(parameters: Parameters, X: AnyArray, Y: AnyArray, rate: float) -> Parameters:
    return Parameters(parameters.weights, _step(parameters, X, Y, rate).biases)


def _distinct(orders: Sequence[Sequence[Rows]], count: int) -> list[list[Rows]]:
    return [list(order) for order in dict.fromkeys(tuple(order[:count]) for order in orders)]
