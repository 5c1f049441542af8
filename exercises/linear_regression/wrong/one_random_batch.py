import numpy as np

BATCH_SIZE = 4


def model_forward(X, w, b):
    return np.dot(X, w) + b


def compute_cost(z, y):
    return np.mean((z - y) ** 2)


def cost_gradient(z, y):
    return 2 * (z - y) / len(y)


def model_backward(X, y, w, b):
    # stochastic gradient descent
    batch = np.random.choice(len(y), BATCH_SIZE)
    xb = X[batch]
    yb = y[batch]
    zb = model_forward(xb, w, b)
    db = cost_gradient(zb, yb).sum()
    dw = xb.T @ cost_gradient(zb, yb)
    return dw, db


def update_parameters(w, b, dw, db, learning_rate):
    return w - learning_rate * dw, b - learning_rate * db
