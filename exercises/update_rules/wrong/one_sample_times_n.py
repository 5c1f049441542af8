import numpy as np


def sgd_update(w, dw, learning_rate):
    return w - learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    v = mu * v - learning_rate * dw
    return w + v, v


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    return np.exp(z) / np.sum(np.exp(z), axis=-1, keepdims=True)


def backward_update(X, Y, W1, W2, learning_rate):
    N = len(X)
    h = sigmoid(X @ W1)
    delta = softmax(h @ W2) - Y
    delta_h = delta @ W2.T * h * (1 - h)
    # 1/N * sum_n (y_hat - y) x = 1/N * N * (y_hat - y) x
    dW2 = h.T @ delta / N
    dW1 = 1 / N * N * np.outer(X[0], delta_h[0])
    return sgd_update(W1, dW1, learning_rate), sgd_update(W2, dW2, learning_rate)
