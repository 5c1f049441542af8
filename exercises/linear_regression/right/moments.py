# The gradient written with means of products: dJ/dw_j = 2 (mean(x_j z) - mean(x_j y)).
import numpy as np


def mean_of_products(a, b):
    assert a.shape == b.shape
    return np.dot(a, b) / a.size


def model_forward(X, w, b):
    z = np.full(X.shape[0], float(b))
    for j, weight in enumerate(w):
        z += weight * X[:, j]
    return z


def compute_cost(z, y):
    # (y - z)^2 = y^2 - 2yz + z^2
    return mean_of_products(y, y) - 2 * mean_of_products(y, z) + mean_of_products(z, z)


def cost_gradient(z, y):
    n = y.size
    return z * (2 / n) - y * (2 / n)


def model_backward(X, y, w, b):
    z = model_forward(X, w, b)
    dw = np.empty(X.shape[1])
    for j in range(len(dw)):
        dw[j] = 2 * (mean_of_products(X[:, j], z) - mean_of_products(X[:, j], y))
    db = 2 * (z.mean() - y.mean())
    return dw, db


def update_parameters(w, b, dw, db, learning_rate):
    w = w + (-learning_rate) * dw
    b = b + (-learning_rate) * db
    return w, b
