# gradcheck: exercise activations
"""Activations and their backward passes. See the handout, README.md; check with: gradcheck FILE"""

import numpy as np


def relu(Z):
    """max(z, 0), elementwise."""
    return np.maximum(0, Z)


def relu_backward(dA, Z):
    """Gradient of the loss with respect to Z."""
    return dA * (Z > 0)


def sigmoid(Z):
    """1 / (1 + exp(-z)), elementwise."""
    return 1 / (1 + np.exp(-Z))


def sigmoid_backward(dA, Z):
    """Gradient of the loss with respect to Z."""
    A = sigmoid(Z)
    return dA * A * (1 - A)


def tanh(Z):
    """tanh(z), elementwise."""
    return np.tanh(Z)


def tanh_backward(dA, Z, A):
    """Gradient of the loss with respect to Z, from A = tanh(Z)."""
    return dA * (1 - A**2)


def improved_sigmoid(Z):
    """1.7159 tanh(2z/3), elementwise."""
    return 1.7159 * np.tanh(2 * Z / 3)


def improved_sigmoid_backward(dA, Z):
    """Gradient of the loss with respect to Z."""
    return 1.7159 * 2 / 3 * tanh_backward(dA, 2 * Z / 3, np.tanh(2 * Z / 3))


def softmax_jacobian(z):
    """Derivative of the softmax s of one vector."""
    s = np.exp(z) / np.sum(np.exp(z))
    return np.diag(s) - np.outer(s, s)
