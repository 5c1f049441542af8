# gradcheck: exercise update-rules
"""Update rules. See the handout, README.md; check with: gradcheck FILE"""

import numpy as np


def sgd_update(w, dw, learning_rate):
    """One step of gradient descent.

    w: parameter, any shape
    dw: its gradient, the shape of w
    learning_rate: a number

    Returns the new w.
    """
    raise NotImplementedError


def momentum_update(w, dw, v, learning_rate, mu):
    """One step with momentum: v = mu v - learning_rate dw, then w = w + v.

    w: parameter, any shape
    dw: its gradient, the shape of w
    v: velocity, the shape of w
    learning_rate, mu: numbers

    Returns the new w and the new v.
    """
    raise NotImplementedError


def backward_update(X, Y, W1, W2, learning_rate):
    """One step of gradient descent for the network of the handout.

    X: inputs, shape (n, p); the last column is all ones
    Y: one-hot labels, shape (n, M)
    W1: weights of the hidden layer, shape (p, H)
    W2: weights of the output layer, shape (H, M)
    learning_rate: a number

    Returns the new W1 and the new W2.
    """
    raise NotImplementedError
