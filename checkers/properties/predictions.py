"""`predict(X, parameters)`: the likeliest class of each sample, by a relu network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ..findings import Finding
from ..reference_mlp import ReferenceMLP, softmax
from ..returned import sort_out
from ..tasks import Output, Task
from .layers import Parameters, drawn
from .property import Arguments, Fault, Property, likely, seen, told

AnyArray = NDArray[Any]

LABELS = "Return one class number for each sample: np.argmax of the scores along the classes."
TASK = Task("predict", (), (Output("labels", "labels"),))
# Between the two largest scores of a sample: rounding does not change which is larger.
CLEAR = 1e-6


def _questions(generator: Generator) -> Iterator[Predicted]:
    """Three, two layers of weights, and one; no two classes are equally likely."""
    for sizes in ([5, 11, 7, 4], [5, 7, 3], [5, 3]):
        parameters = drawn(sizes, generator)
        X = generator.standard_normal((131, sizes[0]))
        # No score of half the samples is positive: a relu on the last layer shows.
        parameters[f"b{len(sizes) - 1}"] -= np.median(scores(parameters, X).max(axis=1))
        ordered = np.sort(scores(parameters, X), axis=1)
        yield Predicted({"X": X[ordered[:, -1] - ordered[:, -2] > CLEAR], "parameters": parameters})


PREDICTIONS = Property(("X", "parameters"), ("labels",), _questions)


@dataclass(frozen=True, slots=True)
class Predicted:
    """The classes of given samples."""

    given: Arguments

    def faults(self, value: Any) -> dict[str, Fault]:
        """Right labels, or what else came back."""
        labels = sort_out(TASK, value)["labels"].array
        if labels is None:
            return {"labels": told(seen("wrong-shape", "labels: no array of class numbers came back.", LABELS))}
        right = scores(self.given["parameters"], self.given["X"]).argmax(axis=1)
        if labels.size == right.size and np.array_equal(labels.reshape(-1), right):
            return {}
        return {"labels": Fault(lambda: _named(labels, self.given) or _unnamed(labels, right), labels)}


def scores(parameters: Mapping[str, AnyArray], X: AnyArray, activation: str = "relu") -> AnyArray:
    """The last pre-activation of the reference network."""
    known = Parameters.of(parameters)
    return ReferenceMLP(activation).forward(known.weights, known.biases, X).pre_activations[-1]


def _without_activation(parameters: Mapping[str, AnyArray], X: AnyArray) -> AnyArray:
    known = Parameters.of(parameters)
    for W, b in zip(known.weights, known.biases, strict=True):
        X = X @ W + b
    return X


def _without_biases(parameters: Mapping[str, AnyArray], X: AnyArray) -> AnyArray:
    return scores({name: array if name.startswith("W") else 0 * array for name, array in parameters.items()}, X)


Wrong = tuple[str, str, Callable[[Mapping[str, AnyArray], AnyArray], AnyArray]]

MISTAKES: tuple[Wrong, ...] = (
    ("activation-missing", "the hidden layers have no relu", lambda p, X: _without_activation(p, X).argmax(axis=1)),
    ("wrong-index", "argmax runs along the samples, not along the classes", lambda p, X: scores(p, X).argmax(axis=0)),
    ("sign-flipped", "the least likely class is taken", lambda p, X: scores(p, X).argmin(axis=1)),
    ("wrong-index", "classes are counted from 1", lambda p, X: scores(p, X).argmax(axis=1) + 1),
    ("term-missing", "the biases are left out", lambda p, X: _without_biases(p, X).argmax(axis=1)),
    (
        "softmax-axis",
        "softmax is normalised over the samples, not over the classes",
        lambda p, X: softmax(scores(p, X).T).argmax(axis=0),
    ),
    (
        "wrong-activation",
        "the last layer has a relu too",
        lambda p, X: np.maximum(scores(p, X), 0).argmax(axis=1),
    ),
    ("wrong-activation", "the hidden layers have a sigmoid", lambda p, X: scores(p, X, "sigmoid").argmax(axis=1)),
    ("wrong-activation", "the hidden layers have tanh", lambda p, X: scores(p, X, "tanh").argmax(axis=1)),
    (
        "wrong-operand",
        "the largest probability is returned, where its place is asked for",
        lambda p, X: softmax(scores(p, X)).max(axis=1),
    ),
    ("wrong-operand", "the probabilities are returned, not the class", lambda p, X: softmax(scores(p, X))),
    ("wrong-operand", "the scores are returned, not the class", scores),
)


def _named(labels: AnyArray, given: Mapping[str, Any]) -> Finding | None:
    """A mistake that would give these labels."""
    for code, what, wrong in MISTAKES:
        expected = wrong(given["parameters"], given["X"])
        for array in (labels, labels.T):
            if array.shape == expected.shape and np.allclose(array, expected, rtol=1e-6, atol=1e-12):
                return likely(code, f"labels: {what}.", LABELS)
    return None


def _unnamed(labels: AnyArray, right: AnyArray) -> Finding:
    if labels.size != right.size:
        text = f"labels: the shape is {labels.shape}, where {right.shape} is asked for: one class for each sample."
        return seen("wrong-shape", text, LABELS)
    wrong = int((labels.reshape(-1) != right).sum())
    return seen("unknown", f"labels: {wrong} of {right.size} samples get another class than the network gives.", LABELS)
