import numpy as np


def sgd_update(w, dw, learning_rate):
    return w - learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    # same as sgd, but with the velocity for the gradient
    v = mu * v - learning_rate * dw
    w = w - v
    return w, v


def sigma(t):
    return 1 / (1 + np.exp(-t))


def backward_update(X, Y, W1, W2, learning_rate):
    n, M = Y.shape
    dW1 = np.zeros_like(W1)
    dW2 = np.zeros_like(W2)
    for i in range(n):
        a = sigma(W1.T @ X[i])
        e = np.exp(W2.T @ a)
        d2 = e / e.sum() - Y[i]
        d1 = (W2 @ d2) * a * (1 - a)
        dW2 += a[:, None] * d2[None, :] / n
        dW1 += X[i][:, None] * d1[None, :] / n
    return sgd_update(W1, dW1, learning_rate), sgd_update(W2, dW2, learning_rate)
