import numpy as np


def model_forward(X, w, b):
    return X.dot(w) + b


def compute_cost(z, y, c, w, lasso, ridge):
    return (c * (y - z) ** 2).mean() + lasso * abs(w).sum() + ridge * (w**2).sum()


def model_backward(X, y, c, w, b, lasso, ridge):
    n = len(y)
    e = model_forward(X, w, b) - y
    dw = 2 / n * X.T.dot(e) + lasso * np.sign(w) + 2 * ridge * w
    db = 2 / n * e.sum()
    return dw, db
