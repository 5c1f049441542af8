import numpy as np


def model_forward(X, w, b):
    n, p = X.shape
    z = np.zeros(n)
    for i in range(n):
        for j in range(p):
            z[i] += w[j] * X[i, j]
        z[i] += b
    return z


def compute_cost(z, y):
    cost = 0
    for i in range(len(y)):
        cost += (y[i] - z[i]) ** 2
    return cost / len(y)


def cost_gradient(z, y):
    dz = np.zeros(len(y))
    for i in range(len(y)):
        dz[i] = -2 * (y[i] - z[i]) / len(y)
    return dz


def model_backward(X, y, w, b):
    n, p = X.shape
    z = model_forward(X, w, b)
    dw = np.zeros(p)
    db = 0
    for i in range(n):
        dz = -2 * (y[i] - z[i])
        for j in range(p):
            dw[j] += dz * X[i, j]
        db += dz
    return dw, db


def update_parameters(w, b, dw, db, learning_rate):
    for j in range(len(w)):
        w[j] -= learning_rate * dw[j]
    b -= learning_rate * db
    return w, b
