# gradcheck: exercise update-rules
"""Update rules."""

import numpy as np


def sgd_update(w, dw, learning_rate):
    """Plain gradient descent: w - r dw."""
    return w - learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    """Momentum: v = mu v - r dw, then w = w + v."""
    v = mu * v - learning_rate * dw
    return w + v, v


def sigmoid(Z):
    """1 / (1 + e^-z), written with tanh so that exp cannot overflow."""
    return (1 + np.tanh(Z / 2)) / 2


def softmax(Z):
    """Softmax of each row."""
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def backward_update(X, Y, W1, W2, learning_rate):
    """One step of the network; both gradients use the old weights."""
    A1 = sigmoid(X @ W1)
    dZ2 = (softmax(A1 @ W2) - Y) / len(X)
    dZ1 = (dZ2 @ W2.T) * A1 * (1 - A1)
    return sgd_update(W1, X.T @ dZ1, learning_rate), sgd_update(W2, A1.T @ dZ2, learning_rate)
