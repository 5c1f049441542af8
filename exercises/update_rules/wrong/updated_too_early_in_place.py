import numpy as np


def sgd_update(w, dw, learning_rate):
    w -= learning_rate * dw
    return w


def momentum_update(w, dw, v, learning_rate, mu):
    v *= mu
    v -= learning_rate * dw
    w += v
    return w, v


class Network:
    def __init__(self, *weights):
        self.weights = list(weights)

    def forward(self, X):
        self.outputs = [X]
        for W in self.weights:
            z = self.outputs[-1] @ W
            self.outputs.append(1 / (1 + np.exp(-z)))
        exps = np.exp(z - z.max(axis=1, keepdims=True))
        self.outputs[-1] = exps / exps.sum(axis=1, keepdims=True)

    def backward(self, Y, learning_rate):
        delta = (self.outputs[-1] - Y) / len(Y)
        for l in reversed(range(len(self.weights))):
            a = self.outputs[l]
            sgd_update(self.weights[l], a.T @ delta, learning_rate)
            delta = (delta @ self.weights[l].T) * a * (1 - a)


def backward_update(X, Y, W1, W2, learning_rate):
    net = Network(W1, W2)
    net.forward(X)
    net.backward(Y, learning_rate)
    return net.weights[0], net.weights[1]
