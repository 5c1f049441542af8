import numpy as np


class Perceptron:
    def __init__(self, parameters, activation):
        L = len(parameters) // 2
        self.Ws = [parameters["W" + str(i + 1)] for i in range(L)]
        self.bs = [parameters["b" + str(i + 1)] for i in range(L)]
        self.relu = activation == "relu"

    def g(self, z):
        return np.maximum(z, 0) if self.relu else 1 / (1 + np.exp(-z))

    def dg(self, a):
        return a > 0 if self.relu else a * (1 - a)

    def forward(self, x):
        self.inputs = []
        for W, b in zip(self.Ws[:-1], self.bs[:-1]):
            self.inputs.append(x)
            x = self.g(W @ x + b)
        self.inputs.append(x)
        z = self.Ws[-1] @ x
        z = np.exp(z - z.max(axis=0))
        return z / z.sum(axis=0)

    def backward(self, d):
        gradients = []
        for W, a in zip(self.Ws[::-1], self.inputs[::-1]):
            gradients.append((d @ a.T, d.sum(axis=1, keepdims=True)))
            d = W.T @ d * self.dg(a)
        return gradients[::-1]


def model_forward(X, parameters, activation="relu"):
    return Perceptron(parameters, activation).forward(X)


def cross_entropy(Y_hat, Y):
    return -np.einsum("mi,mi", Y, np.log(Y_hat)) / len(Y[0])


def model_backward(X, Y, parameters, activation="relu"):
    net = Perceptron(parameters, activation)
    d = (net.forward(X) - Y) / len(Y[0])
    return {k + str(i): g for i, p in enumerate(net.backward(d), 1) for k, g in zip(("W", "b"), p)}
