# gradcheck: exercise softmax-regression
"""Softmax regression with the cross-entropy. See the handout, README.md; check with: gradcheck FILE"""

import numpy as np


def softmax(Z):
    """Probabilities of the classes.

    Z: logits, shape (n, M)

    Returns A, shape (n, M); each row sums to 1.
    """
    raise NotImplementedError


def cross_entropy(Z, Y):
    """Mean cross-entropy of the softmax of Z.

    Z: logits, shape (n, M)
    Y: one-hot labels, shape (n, M)

    Returns J, a number.
    """
    raise NotImplementedError


def cross_entropy_gradient(Z, Y):
    """Gradient of the cross-entropy with respect to the logits.

    Z: logits, shape (n, M)
    Y: one-hot labels, shape (n, M)

    Returns dJ/dZ, shape (n, M).
    """
    raise NotImplementedError


def model_forward(X, W, b):
    """Logits of every sample.

    X: features, shape (n, p)
    W: weights, shape (M, p)
    b: biases, shape (M,)

    Returns Z, shape (n, M).
    """
    raise NotImplementedError


def model_backward(X, Y, W, b):
    """Gradient of the cross-entropy with respect to the parameters.

    X: features, shape (n, p)
    Y: one-hot labels, shape (n, M)
    W: weights, shape (M, p)
    b: biases, shape (M,)

    Returns dJ/dW, shape (M, p), and dJ/db, shape (M,).
    """
    raise NotImplementedError
