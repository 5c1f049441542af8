"""The reference network, learning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import ClassVar

import numpy as np
from numpy.random import Generator
from numpy.typing import DTypeLike, NDArray

from ..errors import UsageError
from ..reference_mlp import LOSSES, ReferenceMLP
from .dataset import FloatArray, Samples
from .history import Score
from .initial import initialiser_called

# Rows that are measured at a time: their activations stay in a processor's cache.
MEASURED = 1000


@dataclass(slots=True)
class Layers:
    """Weights and biases of a network, first layer to last; None for a layer without bias."""

    weights: list[FloatArray]
    biases: list[FloatArray | None]

    @classmethod
    def drawn(
        cls,
        sizes: Sequence[int],
        initialiser: str,
        generator: Generator,
        *,
        dtype: DTypeLike = float,
        biases: bool = True,
    ) -> Layers:
        """Weights of each layer fresh from the generator, biases zero.

        Args:
            sizes: of the inputs, of every hidden layer, of the outputs: 784, 128, 64, 10.
            initialiser: "uniform" on [0, 0.01), "normal" with standard deviation 0.01, "fan-in", "he".

        Raises:
            UsageError: there is no such initialiser, or no layer.

        >>> layers = Layers.drawn([784, 128, 64, 10], "he", np.random.default_rng(0))
        >>> [W.shape for W in layers.weights], layers.count
        ([(784, 128), (128, 64), (64, 10)], 109386)
        """
        draw = initialiser_called(initialiser)
        if len(sizes) < 2 or min(sizes) < 1:
            raise UsageError(f"a network needs at least inputs and outputs, each from 1 up; these are {list(sizes)}.")
        shapes = list(pairwise(sizes))
        return cls(
            [draw(generator, shape).astype(dtype) for shape in shapes],
            [np.zeros(outputs, dtype) if biases else None for _, outputs in shapes],
        )

    @property
    def count(self) -> int:
        """How many parameters there are."""
        return sum(array.size for array in self.arrays())

    def arrays(self) -> list[FloatArray]:
        """All parameters, the weights first."""
        return [*self.weights, *(bias for bias in self.biases if bias is not None)]

    def like(self, arrays: Sequence[FloatArray]) -> Layers:
        """Layers with these arrays, in the order of `arrays`."""
        rest = iter(arrays[len(self.weights) :])
        return Layers(list(arrays[: len(self.weights)]), [None if b is None else next(rest) for b in self.biases])

    def copy(self) -> Layers:
        """Arrays of their own."""
        return Layers([W.copy() for W in self.weights], [None if b is None else b.copy() for b in self.biases])


@dataclass(slots=True)
class ReferenceLearner:
    """The reference network and its parameters, which every step moves against the gradient, in place.

    Momentum is the classical: v = momentum v - rate dw, then w = w + v.
    """

    at_once: ClassVar[bool] = False

    network: ReferenceMLP
    layers: Layers
    momentum: float = 0.0
    reg: float = 0.0
    _velocities: list[FloatArray] = field(init=False)

    def __post_init__(self) -> None:
        self._velocities = [np.zeros_like(array) for array in self.layers.arrays()] if self.momentum else []

    def step(self, X: FloatArray, Y: FloatArray, rate: float) -> float:
        """Move every parameter; the cost of the batch before that."""
        weights, biases = self.layers.weights, self.layers.biases
        gradients = self.network.gradients(weights, biases, X, Y, self.reg)
        moves = [*gradients.weights, *(db for db in gradients.biases if db is not None)]
        for place, (parameter, move) in enumerate(zip(self.layers.arrays(), moves, strict=True)):
            move *= -rate  # noqa: PLW2901 - in place: the gradients are ours, and so no array is made for the step
            if self.momentum:
                velocity = self._velocities[place]
                velocity *= self.momentum
                velocity += move
                move = velocity  # noqa: PLW2901
            parameter += move  # noqa: PLW2901
        return gradients.loss

    def learn(self, samples: Samples, batches: Sequence[NDArray[np.intp]], rate: float) -> list[float]:
        """One step for each batch of rows; the cost of each batch before its step."""
        return [self.step(samples.X[rows], samples.Y[rows], rate) for rows in batches]

    def measure(self, samples: Samples, *, classes: bool) -> Score:
        """Cost and accuracy on all samples."""
        return measured(self.network, self.layers, samples, self.reg, classes=classes)


def measured(
    network: ReferenceMLP, layers: Layers, samples: Samples, reg: float = 0.0, *, classes: bool = True
) -> Score:
    """Cost and accuracy of a network on all samples."""
    cost = hits = 0.0
    for start in range(0, len(samples), MEASURED):
        X, Y = samples.X[start : start + MEASURED], samples.Y[start : start + MEASURED]
        forward = network.forward(layers.weights, layers.biases, X)
        cost += float(LOSSES[network.loss].of_sample(forward.pre_activations[-1], Y).sum())
        hits += float(np.count_nonzero(forward.output.argmax(axis=1) == Y.argmax(axis=1)))
    mean = cost / len(samples) + network.penalty(layers.weights, reg)
    return Score(mean, hits / len(samples) if classes else None)
