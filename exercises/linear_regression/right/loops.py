import numpy as np


def model_forward(X, w, b):
    z = []
    for row in X:
        total = b
        for weight, feature in zip(w, row):
            total = total + weight * feature
        z.append(total)
    return z


def compute_cost(y, y_hat):
    total = 0
    for truth, guess in zip(y, y_hat):
        total += (truth - guess) ** 2
    return total / len(y)


def cost_gradient(y, y_hat):
    return [-2 * (truth - guess) / len(y) for truth, guess in zip(y, y_hat)]


def model_backward(X, y, w, b):
    dz = cost_gradient(y, model_forward(X, w, b))
    dw = [sum(dz[i] * X[i][j] for i in range(len(X))) for j in range(len(w))]
    return dw, sum(dz)


def update_parameters(w, b, dw, db, learning_rate):
    # the arrays are mine, so change them in place
    w = np.array(w, dtype=float)
    for j in range(len(w)):
        w[j] -= learning_rate * dw[j]
    return w, b - learning_rate * db
