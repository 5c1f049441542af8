import numpy as np


def model_forward(x, w, b):
    return np.matmul(x, w) + b


def compute_cost(y_hat, y):
    cost = 0
    for i in range(y.shape[0]):
        cost += y[i] - y_hat[i] ** 2
    cost /= y.shape[0]
    return cost


def cost_gradient(y_hat, y):
    return -2 * (y - y_hat) / y.shape[0]


def model_backward(x, y, w, b):
    y_hat = model_forward(x, w, b)
    dw = np.zeros_like(w)
    db = 0
    for i in range(y.shape[0]):
        dw += -2 * x[i] * (y[i] - y_hat[i])
        db += -2 * (y[i] - y_hat[i])
    return dw / y.shape[0], db / y.shape[0]


def update_parameters(w, b, dw, db, learning_rate):
    return w - learning_rate * dw, b - learning_rate * db
