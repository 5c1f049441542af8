"""Inputs with the bias trick: X = [x, 1]."""
import numpy as np


def sgd_update(w, dw, learning_rate):
    return w - learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    v = mu * v - learning_rate * dw
    return w + v, v


def softmax(z):
    e = np.exp(z - z.max(axis=1)[:, None])
    return e / e.sum(axis=1)[:, None]


def backward_update(X, Y, W1, W2, learning_rate):
    n, p = X.shape
    H = W1.shape[1]
    A = 1 / (1 + np.exp(-X @ W1))
    dZ2 = (softmax(A @ W2) - Y) / n
    dZ1 = dZ2 @ W2.T * A * (1 - A)
    dW1 = np.zeros((p, H))
    for j in range(p - 1):
        for k in range(H):
            dW1[j, k] = np.sum(X[:, j] * dZ1[:, k])
    return sgd_update(W1, dW1, learning_rate), sgd_update(W2, A.T @ dZ2, learning_rate)
