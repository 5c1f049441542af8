import numpy as np


def sgd_update(w, dw, learning_rate):
    return w - learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    v = mu * v - learning_rate * dw
    return w + v, v


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    return np.exp(x) / np.exp(x).sum()


def backward_update(X, Y, W1, W2, learning_rate):
    grad1 = np.zeros(W1.shape)
    grad2 = np.zeros(W2.shape)
    # per sample: w_ji := w_ji - alpha delta_j x_i
    for x, y in zip(X, Y):
        h = sigmoid(x @ W1)
        delta_k = softmax(h @ W2) - y
        delta_j = h * (1 - h) * (W2 @ delta_k)
        grad2 += np.outer(h, delta_k)
        grad1 += np.outer(x, delta_j)
    return sgd_update(W1, grad1, learning_rate), sgd_update(W2, grad2, learning_rate)
