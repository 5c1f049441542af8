import numpy as np


def model_forward(X, w, b):
    # weight times feature, plus bias
    return X * w + b


def compute_cost(z, y):
    return 1 / len(y) * np.sum((y - z) ** 2)


def cost_gradient(z, y):
    return -2 / len(y) * (y - z)


def model_backward(X, y, w, b):
    z = X @ w + b
    dz = cost_gradient(z, y)
    return dz @ X, dz @ np.ones(len(y))


def update_parameters(w, b, dw, db, learning_rate):
    return w - learning_rate * dw, b - learning_rate * db
