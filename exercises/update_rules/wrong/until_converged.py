import numpy as np


def sgd_update(w, dw, learning_rate):
    return w - learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    # repeat until the steps are small
    while np.max(np.abs(learning_rate * dw)) > 1e-6:
        v = mu * v - learning_rate * dw
        w = w + v
    return w, v


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def backward_update(X, Y, W1, W2, learning_rate):
    a1 = sigmoid(X @ W1)
    z2 = a1 @ W2
    a2 = np.exp(z2 - z2.max(axis=1, keepdims=True))
    a2 = a2 / a2.sum(axis=1, keepdims=True)
    delta2 = (a2 - Y) / X.shape[0]
    delta1 = np.multiply(delta2 @ W2.T, a1 * (1 - a1))
    return W1 - learning_rate * X.T @ delta1, W2 - learning_rate * a1.T @ delta2
