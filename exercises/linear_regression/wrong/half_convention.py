import numpy as np

# Linear regression with J = 1/(2m) sum (h(x) - y)^2


def model_forward(X, w, b):
    h = np.dot(X, w) + b
    return h


def compute_cost(h, y):
    m = y.shape[0]
    J = 1 / (2 * m) * np.sum((h - y) ** 2)
    return J


def cost_gradient(h, y):
    m = y.shape[0]
    return 1 / m * (h - y)


def model_backward(X, y, w, b):
    m = y.shape[0]
    h = model_forward(X, w, b)
    dw = 1 / m * np.dot(X.T, h - y)
    db = 1 / m * np.sum(h - y)
    return dw, db


def update_parameters(w, b, dw, db, alpha):
    w = w - alpha * dw
    b = b - alpha * db
    return w, b
