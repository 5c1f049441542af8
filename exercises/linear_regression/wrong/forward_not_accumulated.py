# gradcheck: exercise linear-regression
import numpy as np


def model_forward(X, w, b):
    n, p = X.shape
    z = np.zeros(n)
    for i in range(n):
        for j in range(p):
            z[i] = w[j] * X[i, j]
        z[i] += b
    return z


def compute_cost(z, y):
    J = 0.0
    for i in range(len(y)):
        J += (y[i] - z[i]) ** 2
    return J / len(y)


def cost_gradient(z, y):
    dz = np.zeros(len(z))
    for i in range(len(z)):
        dz[i] = 2 * (z[i] - y[i]) / len(z)
    return dz


def model_backward(X, y, w, b):
    dz = cost_gradient(model_forward(X, w, b), y)
    dw = np.zeros(len(w))
    db = 0.0
    for i in range(X.shape[0]):
        for j in range(X.shape[1]):
            dw[j] += dz[i] * X[i, j]
        db += dz[i]
    return dw, db


def update_parameters(w, b, dw, db, learning_rate):
    return w - learning_rate * dw, b - learning_rate * db
