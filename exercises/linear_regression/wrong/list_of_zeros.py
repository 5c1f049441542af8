import numpy as np


def model_forward(X, w, b):
    z = []
    for i in range(len(X)):
        z.append(sum(X[i] * w) + b)
    return np.array(z)


def compute_cost(z, y):
    return sum((z - y) ** 2) / len(y)


def cost_gradient(z, y):
    return 2 * (z - y) / len(y)


def model_backward(X, y, w, b):
    dz = cost_gradient(model_forward(X, w, b), y)
    dw = np.array([0] * len(w))
    db = 0
    for i in range(len(X)):
        for j in range(len(w)):
            dw[j] += dz[i] * X[i][j]
        db += dz[i]
    return dw, db


def update_parameters(w, b, dw, db, learning_rate):
    return w - learning_rate * dw, b - learning_rate * db
