"""The reference MLP as an oracle for a model: which of its arrays are weights, biases, inputs and targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .reference_mlp import ReferenceMLP

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Layer:
    """The names of a layer's arrays in the model.

    Attributes:
        is_transposed: the weights have the shape (fan_out, fan_in).
        pre_activation, activation: names of the layer's nodes; None where the model has none.
    """

    weights: str
    bias: str | None
    is_transposed: bool
    pre_activation: str
    activation: str | None = None


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """A model as the reference MLP takes it.

    Attributes:
        activation, loss, l2: as in `ReferenceMLP`.
        output: the name of the node that holds softmax(z) or the like.
        strength: the name of the constant in front of the penalty.
        updates: node -> (weights, rate) for the nodes that are weights minus rate times their gradient.
    """

    layers: tuple[Layer, ...]
    loss: str
    activation: str = "relu"
    l2: str = "none"
    inputs: str = "X"
    targets: str = "Y"
    output: str | None = None
    strength: str | None = None
    updates: tuple[tuple[str, str, str], ...] = ()


def quantities(spec: NetworkSpec, arrays: Mapping[str, Any]) -> dict[str, FloatArray]:
    """The quantities of the model that the reference MLP computes, by the names a derivation gives them."""
    network = ReferenceMLP(activation=spec.activation, loss=spec.loss, l2=spec.l2)
    weights = [_matrix(arrays[layer.weights], layer.is_transposed) for layer in spec.layers]
    biases = [None if layer.bias is None else np.atleast_1d(arrays[layer.bias]) for layer in spec.layers]
    X, Y = arrays[spec.inputs], arrays[spec.targets]
    strength = float(arrays[spec.strength]) if spec.strength else 0.0
    forward = network.forward(weights, biases, X)
    gradients = network.gradients(weights, biases, X, Y, strength)
    found: dict[str, Any] = {"J": gradients.loss}
    if spec.output:
        found[spec.output] = forward.output
    for number, layer in enumerate(spec.layers):
        found[layer.pre_activation] = forward.pre_activations[number]
        found[f"dJ/d{layer.pre_activation}"] = gradients.pre_activations[number]
        found[f"dJ/d{layer.weights}"] = _as_given(gradients.weights[number], layer.is_transposed)
        if layer.bias is not None:
            found[f"dJ/d{layer.bias}"] = gradients.biases[number]
        if layer.activation is not None:
            found[layer.activation] = forward.activations[number]
            found[f"dJ/d{layer.activation}"] = gradients.activations[number]
    for node, name, rate in spec.updates:
        found[node] = arrays[name] - float(arrays[rate]) * found[f"dJ/d{name}"]
    return {name: np.asarray(value, dtype=float) for name, value in found.items()}


def _matrix(weights: FloatArray, is_transposed: bool) -> FloatArray:
    """Weights as (fan_in, fan_out); a vector of weights is one column."""
    weights = np.asarray(weights)
    if weights.ndim == 1:
        return weights[:, None]
    return weights.T if is_transposed else weights


def _as_given(gradient: FloatArray, is_transposed: bool) -> FloatArray:
    return gradient.T if is_transposed else gradient
