import numpy as np


class Regressor:
    def __init__(self, w, b):
        self.w = w
        self.b = b

    def predict(self, X):
        return X.dot(self.w) + self.b

    def gradient(self, X, y):
        d = cost_gradient(self.predict(X), y)
        return X.T.dot(d), d.sum()


def model_forward(X, w, b):
    return Regressor(w, b).predict(X)


def compute_cost(z, y):
    mse = np.square(y - z).sum() / y.shape[0]
    return np.sqrt(mse)


def cost_gradient(z, y):
    return 2 * (z - y) / y.shape[0]


def model_backward(X, y, w, b):
    return Regressor(w, b).gradient(X, y)


def update_parameters(w, b, dw, db, learning_rate):
    w = w - np.multiply(learning_rate, dw)
    b = b - np.multiply(learning_rate, db)
    return w, b
