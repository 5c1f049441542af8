import numpy as np


def model_forward(X, w, b):
    z = np.dot(X, w) + b
    return z


def compute_cost(z, y):
    z = z.reshape(-1, 1)  # column vector
    cost = np.mean((y - z) ** 2)
    return cost


def cost_gradient(z, y):
    return 2 * (z - y) / y.shape[0]


def model_backward(X, y, w, b):
    n = X.shape[0]
    z = model_forward(X, w, b).reshape(n, 1)
    y = y.reshape(n, 1)
    dw = 2 * np.dot(X.T, z - y) / n
    db = 2 * np.sum(z - y) / n
    return dw.flatten(), db


def update_parameters(w, b, dw, db, learning_rate):
    w = w - learning_rate * dw
    b = b - learning_rate * db
    return w, b
