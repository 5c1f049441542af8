# gradcheck: exercise linear-regression
"""Linear regression with the mean squared error."""

import numpy as np


def model_forward(X, w, b):
    """Predictions z_i = sum_j w_j x_ij + b, shape (n,)."""
    return X @ w + b


def compute_cost(z, y):
    """J = (1/n) sum_i (y_i - z_i)^2."""
    return np.mean((y - z) ** 2)


def cost_gradient(z, y):
    """dJ/dz_i = 2 (z_i - y_i) / n, shape (n,)."""
    return 2 * (z - y) / len(y)


def model_backward(X, y, w, b):
    """dJ/dw_j = sum_i dJ/dz_i x_ij, shape (p,), and dJ/db = sum_i dJ/dz_i."""
    dz = cost_gradient(model_forward(X, w, b), y)
    return X.T @ dz, np.sum(dz)


def update_parameters(w, b, dw, db, learning_rate):
    """One step against the gradient."""
    return w - learning_rate * dw, b - learning_rate * db
