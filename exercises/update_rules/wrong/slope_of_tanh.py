from dataclasses import dataclass

import numpy as np


def sgd_update(w, dw, learning_rate):
    return w - learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    v = mu * v - learning_rate * dw
    return w + v, v


@dataclass
class Activation:
    value: callable
    slope: callable


SIGMOID = Activation(lambda z: 1 / (1 + np.exp(-z)), lambda a: 1 - a**2)


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward_update(X, Y, W1, W2, learning_rate, hidden=SIGMOID):
    a = hidden.value(X @ W1)
    delta_k = (softmax(a @ W2) - Y) / len(X)
    delta_j = (delta_k @ W2.T) * hidden.slope(a)
    return W1 - learning_rate * X.T @ delta_j, W2 - learning_rate * a.T @ delta_k
