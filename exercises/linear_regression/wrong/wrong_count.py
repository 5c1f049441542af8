import numpy as np


def model_forward(X, w, b):
    """Prediction for all samples."""
    return np.einsum("ij,j->i", X, w) + b


def compute_cost(z, y):
    """Mean squared error."""
    return np.einsum("i,i->", y - z, y - z) / y.shape[0]


def cost_gradient(z, y):
    return 2.0 * (z - y) / y.shape[0]


def model_backward(X, y, w, b):
    n = X.shape[1]
    dz = 2.0 * (model_forward(X, w, b) - y) / n
    return np.einsum("i,ij->j", dz, X), np.einsum("i->", dz)


def update_parameters(w, b, dw, db, learning_rate):
    return w - learning_rate * dw, b - learning_rate * db
