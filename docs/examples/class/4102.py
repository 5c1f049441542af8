import numpy as np


def model_forward(X, w, b):
    z = np.zeros(X.shape[0])
    for i in range(X.shape[0]):
        z[i] = b
        for j in range(X.shape[1]):
            z[i] += w[j] * X[i, j]
    return z


def compute_cost(z, y, c, w, lasso, ridge):
    cost = 0.0
    for i in range(len(y)):
        cost += c[i] * (y[i] - z[i]) ** 2
    return cost / len(y) + lasso * sum(abs(w)) + ridge * sum(w**2)


def model_backward(X, y, c, w, b, lasso, ridge):
    n = len(y)
    z = model_forward(X, w, b)
    dw, db = np.zeros(len(w)), 0.0
    for i in range(n):
        dw += -2 / n * c[i] * (y[i] - z[i]) * X[i]
        db += -2 / n * c[i] * (y[i] - z[i])
    for j in range(len(w)):
        dw[j] += 2 * ridge * w[j]
        if w[j] > 0:
            dw[j] += lasso
        elif w[j] < 0:
            dw[j] -= lasso
    return dw, db
