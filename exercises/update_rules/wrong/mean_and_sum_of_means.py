import numpy as np


def sgd_update(w, dw, learning_rate):
    return w - learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    v = -learning_rate * dw + mu * v
    w = v + w
    return w, v


def cost_gradient(y_hat, y):
    return (y_hat - y) / y.shape[0]


def weight_gradient(a, delta):
    return np.mean([np.outer(a_n, delta_n) for a_n, delta_n in zip(a, delta)], axis=0)


def sigmoid(z, derivative=False):
    s = 1 / (1 + np.exp(-z))
    return s - s**2 if derivative else s


def backward_update(X, Y, W1, W2, learning_rate):
    z_hidden = X.dot(W1)
    z_output = sigmoid(z_hidden).dot(W2)
    y_hat = np.exp(z_output) / np.exp(z_output).sum(axis=-1)[:, np.newaxis]
    delta_output = cost_gradient(y_hat, Y)
    delta_hidden = delta_output.dot(W2.T) * sigmoid(z_hidden, derivative=True)
    W2_new = sgd_update(W2, weight_gradient(sigmoid(z_hidden), delta_output), learning_rate)
    W1_new = sgd_update(W1, weight_gradient(X, delta_hidden), learning_rate)
    return W1_new, W2_new
