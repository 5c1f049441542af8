"""dJ/dZ of the last layer through the Jacobian of the softmax, one sample after the other."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass
class Step:
    inputs: Array
    z: Array
    output: Array


def softmax(z: Array) -> Array:
    e = np.exp(z - z.max())
    return e / e.sum()


def forward_one(x: Array, parameters: dict[str, Array], activation: str) -> list[Step]:
    steps: list[Step] = []
    L = len(parameters) // 2
    for l in range(1, L + 1):
        z = parameters[f"W{l}"] @ x + parameters[f"b{l}"][:, 0]
        if l == L:
            out = softmax(z)
        elif activation == "relu":
            out = np.maximum(z, 0.0)
        else:
            out = 1.0 / (1.0 + np.exp(-z))
        steps.append(Step(x, z, out))
        x = out
    return steps


def model_forward(X: Array, parameters: dict[str, Array], activation: str = "relu") -> Array:
    return np.stack([forward_one(x, parameters, activation)[-1].output for x in X.T], axis=1)


def cross_entropy(Y_hat: Array, Y: Array) -> float:
    return float(np.mean([-y @ np.log(p) for p, y in zip(Y_hat.T, Y.T)]))


def model_backward(X: Array, Y: Array, parameters: dict[str, Array], activation: str = "relu") -> dict[str, Array]:
    grads = {key: np.zeros_like(p) for key, p in parameters.items()}
    for x, y in zip(X.T, Y.T):
        steps = forward_one(x, parameters, activation)
        p = steps[-1].output
        delta = (np.diag(p) - np.outer(p, p)) @ (-y / p)
        for l in range(len(steps), 0, -1):
            grads[f"W{l}"] += np.outer(delta, steps[l - 1].inputs)
            grads[f"b{l}"] += delta[:, None]
            if l > 1:
                below = steps[l - 2]
                slope = below.z > 0 if activation == "relu" else below.output * (1 - below.output)
                delta = slope * (parameters[f"W{l}"].T @ delta)
    return {key: g / X.shape[1] for key, g in grads.items()}
