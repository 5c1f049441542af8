import numpy as np


class Dense:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, A):
        self.A = A
        return self.W @ A + self.b

    def backward(self, dZ):
        self.dW = dZ @ self.A.T
        self.db = dZ @ np.ones((dZ.shape[1], 1))
        return self.W.T @ dZ


class Relu:
    def forward(self, Z):
        self.A = np.maximum(Z, 0)
        return self.A

    def backward(self, dA):
        return dA * (self.A > 0)  # relu' taken at a


class Sigmoid:
    def forward(self, Z):
        self.A = 1 / (1 + np.exp(-Z))
        return self.A

    def backward(self, dA):
        return dA * self.A * (1 - self.A)


class Network:
    def __init__(self, parameters, activation):
        depth = len(parameters) // 2
        self.dense = [Dense(parameters[f"W{l}"], parameters[f"b{l}"]) for l in range(1, depth + 1)]
        kind = Relu if activation == "relu" else Sigmoid
        self.layers = [self.dense[0]]
        for d in self.dense[1:]:
            self.layers += [kind(), d]

    def forward(self, X):
        for layer in self.layers:
            X = layer.forward(X)
        e = np.exp(X - X.max(axis=0))
        return e / e.sum(axis=0)

    def backward(self, dZ):
        for layer in reversed(self.layers):
            dZ = layer.backward(dZ)


def model_forward(X, parameters, activation="relu"):
    return Network(parameters, activation).forward(X)


def cross_entropy(Y_hat, Y):
    return -np.sum(Y * np.log(Y_hat + 1e-10)) / Y.shape[1]


def model_backward(X, Y, parameters, activation="relu"):
    net = Network(parameters, activation)
    net.backward((net.forward(X) - Y) / Y.shape[1])
    grads = {}
    for l, d in enumerate(net.dense, start=1):
        grads[f"dW{l}"], grads[f"db{l}"] = d.dW, d.db
    return grads
