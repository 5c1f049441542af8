import numpy as np


class LinearModel:
    def __init__(self, weights, bias):
        self.weights, self.bias = weights, bias
        self.cache = {}

    def forward(self, X):
        self.cache["X"] = X
        self.cache["z"] = np.dot(X, self.weights) + self.bias
        return self.cache["z"]

    def backward(self, y):
        residual = self.cache["z"] - y
        n = residual.shape[0]
        return {"w": 2 / n * np.dot(self.cache["X"].T, residual), "b": 2 / n * residual.sum()}


def model_forward(X, w, b):
    return LinearModel(w, b).forward(X)


def compute_cost(z, y):
    assert z.shape == y.shape, "shapes differ"
    return np.linalg.norm(y - z) ** 2 / y.shape[0]


def cost_gradient(z, y):
    assert z.shape == y.shape, "shapes differ"
    return 2 * z / len(z) - 2 * y / len(y)


def model_backward(X, y, w, b):
    model = LinearModel(w, b)
    model.forward(X)
    grads = model.backward(y)
    print("gradient norm", np.linalg.norm(grads["w"]))
    return grads["w"], grads["b"]


def update_parameters(w, b, dw, db, learning_rate=0.01):
    return [w - learning_rate * dw, b - learning_rate * db]
