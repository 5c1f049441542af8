"""Everything is a column here: z and y are (n, 1), w is (p, 1)."""
import numpy as np


def col(v):
    return np.asarray(v, dtype=float).reshape(-1, 1)


def model_forward(X, w, b):
    return X @ col(w) + b


def compute_cost(z, y):
    e = col(y) - col(z)
    return float((e.T @ e).item() / e.shape[0])


def cost_gradient(z, y):
    return -2 * (col(y) - col(z)) / len(y)


def model_backward(X, y, w, b):
    dz = cost_gradient(model_forward(X, w, b), y)
    return X.T @ dz, np.sum(dz)


def update_parameters(w, b, dw, db, learning_rate):
    return col(w) - learning_rate * col(dw), b - learning_rate * db
