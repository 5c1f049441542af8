import numpy as np


def model_forward(X, w, b):
    return X @ w + b


def compute_cost(z, y, c, w, lasso, ridge):
    return np.mean((c * (z - y)) ** 2) + lasso * np.abs(w).sum() + ridge * w @ w


def model_backward(X, y, c, w, b, lasso, ridge):
    raise NotImplementedError
