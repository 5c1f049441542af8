# gradcheck: exercise linear-regression
"""Linear regression with the mean squared error. See the handout, README.md; check with: gradcheck FILE"""

import numpy as np


def model_forward(X, w, b):
    """Predict the target of every sample.

    X: features, shape (n, p)
    w: weights, shape (p,)
    b: bias, a number

    Returns z, shape (n,).
    """
    raise NotImplementedError


def compute_cost(z, y):
    """Mean squared error.

    z: predictions, shape (n,)
    y: targets, shape (n,)

    Returns J, a number.
    """
    raise NotImplementedError


def cost_gradient(z, y):
    """Gradient of the cost with respect to the predictions.

    z: predictions, shape (n,)
    y: targets, shape (n,)

    Returns dJ/dz, shape (n,).
    """
    raise NotImplementedError


def model_backward(X, y, w, b):
    """Gradient of the cost with respect to the parameters.

    X: features, shape (n, p)
    y: targets, shape (n,)
    w: weights, shape (p,)
    b: bias, a number

    Returns dJ/dw, shape (p,), and dJ/db, a number.
    """
    raise NotImplementedError


def update_parameters(w, b, dw, db, learning_rate):
    """One step of gradient descent.

    w, dw: weights and their gradient, shape (p,)
    b, db: bias and its gradient, numbers
    learning_rate: a number

    Returns the new w, shape (p,), and the new b, a number.
    """
    raise NotImplementedError
