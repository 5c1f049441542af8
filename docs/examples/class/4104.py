import numpy as np


def model_forward(X, w, b):
    return X @ w + b


def compute_cost(z, y, c, w, lasso, ridge):
    return np.mean(c * (z - y) ** 2) + lasso * np.sum(np.abs(w)) + ridge * np.sum(w**2)


def model_backward(X, y, c, w, b, lasso, ridge):
    dz = 2 * c * (model_forward(X, w, b) - y) / len(y)
    dw = X.T @ dz + lasso * np.sign(w) + ridge * w
    db = np.mean(dz)
    return dw, db
