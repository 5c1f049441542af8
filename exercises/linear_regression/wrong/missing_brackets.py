import numpy as np


def model_forward(X, w, b):
    return X @ w + b


def compute_cost(z, y):
    return np.mean((z - y) ** 2)


def cost_gradient(z, y):
    n = len(y)
    return 2 / n * z - y


def model_backward(X, y, w, b):
    n = len(y)
    z = model_forward(X, w, b)
    dz = 2 * (z - y) / n
    dw = X.T @ dz
    db = dz.sum()
    return dw, db


def update_parameters(w, b, dw, db, learning_rate):
    return w - learning_rate * dw, b - learning_rate * db
