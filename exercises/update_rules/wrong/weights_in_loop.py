# gradcheck: exercise update-rules
from math import exp

import numpy as np


def sgd_update(w, dw, learning_rate):
    return w - learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    v = mu * v - learning_rate * dw
    return w + v, v


def sigmoid(z):
    return np.array([1 / (1 + exp(-value)) for value in z])


def softmax(z):
    e = np.array([exp(value) for value in z])
    return e / sum(e)


def backward_update(X, Y, W1, W2, learning_rate):
    N = len(X)
    for x, y in zip(X, Y):
        # forward
        a_j = sigmoid(np.dot(x, W1))
        y_hat = softmax(np.dot(a_j, W2))
        # backward
        delta_k = y_hat - y
        delta_j = a_j * (1 - a_j) * np.dot(W2, delta_k)
        # w := w - alpha / N * delta * input
        W2 = W2 - learning_rate / N * np.outer(a_j, delta_k)
        W1 = W1 - learning_rate / N * np.outer(x, delta_j)
    return W1, W2
