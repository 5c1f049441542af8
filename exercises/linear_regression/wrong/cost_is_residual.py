import numpy as np


def model_forward(X, w, b):
    return np.dot(X, w) + b


def compute_cost(z, y):
    # cost of every sample
    cost = y - z
    return cost


def cost_gradient(z, y):
    return -2 * (y - z) / len(y)


def model_backward(X, y, w, b):
    z = model_forward(X, w, b)
    cost = compute_cost(z, y)
    dw = -2 / len(y) * np.dot(cost, X)
    db = -2 / len(y) * np.sum(cost)
    return dw, db


def update_parameters(w, b, dw, db, learning_rate):
    w -= learning_rate * dw
    b -= learning_rate * db
    return w, b
