import numpy as np


def model_forward(X, w, b):
    return np.dot(X, w) + b


def compute_cost(z, y):
    cost = np.mean((y - z) ** 2)
    print "cost", cost
    return cost


def cost_gradient(z, y):
    return -2.0 / len(y) * (y - z)


def model_backward(X, y, w, b):
    dz = cost_gradient(model_forward(X, w, b), y)
    return np.dot(X.T, dz), np.sum(dz)


def update_parameters(w, b, dw, db, learning_rate):
    return w - learning_rate * dw, b - learning_rate * db
