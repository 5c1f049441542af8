# gradcheck: exercise linear-regression
import numpy as np


def model_forward(X, w, b):
    z = X.dot(w) + b
    return z


def compute_cost(z, y):
    J = np.mean(np.square(y - z))
    return J


def cost_gradient(z, y):
    n = len(y)
    dz = (2 / n) * (z - y)
    return dz


def model_backward(X, y, w, b):
    n = len(y)
    z = model_forward(X, w, b)
    dz = cost_gradient(z, y)
    # dJ/dw_j = 1/n sum_i dJ/dz_i x_ij
    dw = (1 / n) * X.T.dot(dz)
    db = dz.sum()
    return dw, db


def update_parameters(w, b, dw, db, learning_rate):
    w = w - learning_rate * dw
    b = b - learning_rate * db
    return w, b
