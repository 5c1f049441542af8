# gradcheck: exercise update-rules
"""Update rules. See the handout, README.md; check with: gradcheck FILE"""

import numpy as np


def sgd_update(w, dw, learning_rate):
    """One step of gradient descent."""
    return w - learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    """One step with momentum: v = mu v - learning_rate dw, then w = w + v."""
    raise NotImplementedError


def backward_update(X, Y, W1, W2, learning_rate):
    """One step of gradient descent for the network of the handout."""
    A1 = 1 / (1 + np.exp(-(X @ W1)))
    E = np.exp(A1 @ W2)
    dZ2 = (E / E.sum(axis=1, keepdims=True) - Y) / X.shape[0]
    dZ1 = (dZ2 @ W2.T) * A1 * (1 - A1)
    return W1 - learning_rate * (X.T @ dZ1), W2 - learning_rate * (A1.T @ dZ2)
