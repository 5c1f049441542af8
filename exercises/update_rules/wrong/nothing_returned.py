import numpy as np


def sgd_update(w, dw, learning_rate):
    w -= learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    v = mu * v - learning_rate * dw
    return w + v, v


class Network:
    def __init__(self, W1, W2):
        self.W1 = W1.copy()
        self.W2 = W2.copy()

    def forward(self, X):
        self.A = 1 / (1 + np.exp(-X @ self.W1))
        E = np.exp(self.A @ self.W2)
        return E / E.sum(axis=1, keepdims=True)

    def step(self, X, Y, learning_rate):
        delta = (self.forward(X) - Y) / X.shape[0]
        dW2 = self.A.T @ delta
        dW1 = X.T @ ((delta @ self.W2.T) * self.A * (1 - self.A))
        sgd_update(self.W1, dW1, learning_rate)
        sgd_update(self.W2, dW2, learning_rate)


def backward_update(X, Y, W1, W2, learning_rate):
    network = Network(W1, W2)
    network.step(X, Y, learning_rate)
    return network.W1, network.W2
