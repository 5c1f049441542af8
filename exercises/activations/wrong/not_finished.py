# gradcheck: exercise activations
"""Activations and their backward passes. See the handout, README.md; check with: gradcheck FILE"""

import numpy as np


def relu(Z):
    return np.maximum(Z, 0)


def relu_backward(dA, Z):
    return dA * (Z > 0)


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def sigmoid_backward(dA, Z):
    a = sigmoid(Z)
    return dA * a * (1 - a)


def tanh(Z):
    return np.tanh(Z)


def tanh_backward(dA, Z):
    return dA * (1 - np.tanh(Z) ** 2)


def improved_sigmoid(Z):
    return 1.7159 * np.tanh(2 * Z / 3)


def improved_sigmoid_backward(dA, Z):
    return dA * 1.7159 * 2 / 3 * (1 - np.tanh(2 * Z / 3) ** 2)


def softmax_jacobian(z):
    s = np.exp(z) / np.sum(np.exp(z))
    # TODO: i == j is s * (1 - s), what about i != j?
    raise NotImplementedError
