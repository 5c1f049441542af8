import numpy as np


def sgd_update(w, dw, learning_rate):
    return w - learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    v = mu * v - learning_rate * dw
    return w + v, v


f = lambda z: 1 / (1 + np.exp(-z))


def softmax(z):
    z = z - z.max(axis=1, keepdims=True)
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def backward_update(X, Y, W1, W2, learning_rate):
    a = f(X @ W1)
    d2 = (softmax(a @ W2) - Y) / len(X)
    d1 = d2 @ W2.T * a * 1 - a
    W1 = sgd_update(W1, X.T @ d1, learning_rate)
    W2 = sgd_update(W2, a.T @ d2, learning_rate)
    return W1, W2
