import numpy as np

# Assignment 1 - Linear regression


def model_forward(X, w, b):
    return np.dot(X, w) + b


def compute_cost(z, y):
    n = y.shape[0]
    return 1 / n * np.sum((y - z) ** 2)


def cost_gradient(z, y):
    n = y.shape[0]
    return 2 / n * (z - y)


def model_backward(X, y, w, b):
    n = X.shape[0]
    z = model_forward(X, w, b)
    error = y - z
    dw = 2 / n * np.dot(X.T, error)
    db = 2 / n * np.sum(error)
    return dw, db


def update_parameters(w, b, dw, db, learning_rate):
    w = w - learning_rate * dw
    b = b - learning_rate * db
    return w, b
