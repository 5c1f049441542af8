import numpy as np


def model_forward(X, w, b):
    return (X @ w.reshape(-1, 1) + b).flatten()


def compute_cost(z, y):
    n = len(y)
    return 1 / n * np.dot(y - z, y - z)


def cost_gradient(z, y):
    n = len(y)
    return 2 / n * (z - y)


def model_backward(X, y, w, b):
    n = len(y)
    W = w.reshape(-1, 1)
    y_pred = X @ W + b
    diff = y_pred - y
    dw = 2 / n * np.sum(X.T @ diff, axis=1)
    db = 2 / n * np.sum(diff)
    return dw, db


def update_parameters(w, b, dw, db, learning_rate):
    w = w - learning_rate * dw
    b = b - learning_rate * db
    return w, b
