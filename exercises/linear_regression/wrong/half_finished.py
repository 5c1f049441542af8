# gradcheck: exercise linear-regression
"""Linear regression with the mean squared error. See the handout, README.md; check with: gradcheck FILE"""

import numpy as np


def model_forward(X, w, b):
    """Predict the target of every sample."""
    return np.dot(w, X.T) + b


def compute_cost(z, y):
    """Mean squared error."""
    return np.mean((z - y) ** 2)


def cost_gradient(z, y):
    """Gradient of the cost with respect to the predictions."""
    return (z - y) / (0.5 * len(y))


def model_backward(X, y, w, b):
    """Gradient of the cost with respect to the parameters."""
    dz = cost_gradient(model_forward(X, w, b), y)
    return np.dot(dz, X), np.sum(dz)


def update_parameters(w, b, dw, db, learning_rate):
    """One step of gradient descent.

    Returns the new w, shape (p,), and the new b, a number.
    """
    pass
