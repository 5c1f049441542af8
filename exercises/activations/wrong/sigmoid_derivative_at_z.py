# gradcheck: exercise activations
import numpy as np


def relu(Z):
    return np.where(Z > 0, Z, 0)


def relu_backward(dA, Z):
    return np.where(Z > 0, dA, 0)


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def sigmoid_backward(dA, Z):
    # s' = s (1 - s)
    return dA * Z * (1 - Z)


def tanh(Z):
    return np.tanh(Z)


def tanh_backward(dA, Z):
    t = np.tanh(Z)
    return dA * (1 - t * t)


def improved_sigmoid(Z):
    return 1.7159 * np.tanh(Z * 2 / 3)


def improved_sigmoid_backward(dA, Z):
    t = np.tanh(Z * 2 / 3)
    return dA * 1.7159 * 2 / 3 * (1 - t * t)


def softmax_jacobian(z):
    s = np.exp(z) / np.sum(np.exp(z))
    s = s.reshape(-1, 1)
    return np.diagflat(s) - np.dot(s, s.T)
