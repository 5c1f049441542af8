import numpy as np


def sgd_update(w, dw, learning_rate):
    return w - learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    v = mu * v - learning_rate * dw
    return w + v, v


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    return np.exp(z) / np.sum(np.exp(z), axis=0)


def backward_update(X, Y, W1, W2, learning_rate):
    # columns are samples here
    x, y = X.T, Y.T
    N = x.shape[1]
    a1 = sigmoid(W1.T @ x)
    a2 = softmax(W2.T @ a1)
    d2 = (a2 - y) / N
    d1 = (W2 @ d2) * a1 * (1 - a1)
    dW2 = a1 @ d2.T
    dW1 = d1 @ x.T
    return sgd_update(W1, dW1, learning_rate), sgd_update(W2, dW2, learning_rate)
