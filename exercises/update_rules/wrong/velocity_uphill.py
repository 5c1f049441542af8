import numpy as np


def sgd_update(w, dw, learning_rate):
    new_w = w - learning_rate * dw
    return new_w


def momentum_update(w, dw, v, learning_rate, mu):
    new_v = mu * v + learning_rate * dw
    new_w = w + new_v
    return new_w, new_v


def activation(x):
    return 1.0 / (1.0 + np.exp(-x))


def output(x):
    x = x - np.max(x, axis=1).reshape(-1, 1)
    return np.exp(x) / np.sum(np.exp(x), axis=1).reshape(-1, 1)


def backward_update(X, Y, W1, W2, learning_rate):
    hidden = activation(X.dot(W1))
    delta_k = output(hidden.dot(W2)) - Y
    delta_j = delta_k.dot(W2.T) * hidden * (1 - hidden)
    grad_kj = hidden.T.dot(delta_k) / X.shape[0]
    grad_ji = X.T.dot(delta_j) / X.shape[0]
    return sgd_update(W1, grad_ji, learning_rate), sgd_update(W2, grad_kj, learning_rate)
