# gradcheck: exercise activations
import numpy as np


def sech(x):
    return 2 / (np.exp(x) + np.exp(-x))


def relu(Z):
    return np.maximum(Z, 0)


def relu_backward(dA, Z):
    return np.multiply(dA, np.int64(Z > 0))


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def sigmoid_backward(dA, Z):
    # e^-z / (1 + e^-z)^2 is also sech(z/2)^2 / 4
    return dA * sech(Z / 2) ** 2 / 4


def tanh(Z):
    return np.tanh(Z)


def tanh_backward(dA, Z):
    return dA * sech(Z)


def improved_sigmoid(Z):
    return 1.7159 * np.tanh(2 * Z / 3)


def improved_sigmoid_backward(dA, Z):
    return dA * 1.7159 * 2 / 3 * sech(2 * Z / 3) ** 2


def softmax_jacobian(z):
    s = np.exp(z) / np.exp(z).sum()
    return np.diag(s) - s[:, np.newaxis] * s[np.newaxis, :]
