# gradcheck: exercise mlp
"""Multilayer perceptron, samples in columns. See the handout, README.md; check with: gradcheck FILE"""

import numpy as np


def model_forward(X, parameters, activation="relu"):
    """Probabilities of the classes.

    X: features, shape (p, n)
    parameters: dict with W1, b1, W2, b2, ...; W_l has shape (out, in), b_l has shape (out, 1)
    activation: of the hidden layers, "relu" or "sigmoid"

    Returns Y_hat, shape (M, n), or a tuple that begins with it.
    """
    raise NotImplementedError


def cross_entropy(Y_hat, Y):
    """Mean cross-entropy over the samples.

    Y_hat: probabilities, shape (M, n)
    Y: one-hot labels, shape (M, n)

    Returns J, a number.
    """
    raise NotImplementedError


def model_backward(X, Y, parameters, activation="relu"):
    """Gradients of the cross-entropy with respect to all parameters.

    X: features, shape (p, n)
    Y: one-hot labels, shape (M, n)
    parameters, activation: as for model_forward

    Returns a dict with the keys and the shapes of parameters.
    """
    raise NotImplementedError
