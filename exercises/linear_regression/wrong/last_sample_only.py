import numpy as np


def model_forward(X, w, b):
    z = []
    for x in X:
        z.append(np.dot(w, x) + b)
    return np.array(z)


def compute_cost(z, y):
    losses = [(yi - zi) ** 2 for yi, zi in zip(y, z)]
    return sum(losses) / len(losses)


def cost_gradient(z, y):
    return np.array([2 * (zi - yi) / len(y) for yi, zi in zip(y, z)])


def model_backward(X, y, w, b):
    z = model_forward(X, w, b)
    dz = cost_gradient(z, y)
    dw = np.zeros_like(w)
    db = 0.0
    for i, x in enumerate(X):
        dw = dz[i] * x
        db += dz[i]
    return dw, db


def update_parameters(w, b, dw, db, learning_rate):
    new_w = w - learning_rate * dw
    new_b = b - learning_rate * db
    return new_w, new_b
