import numpy as np


def relu(Z):
    return np.maximum(0, Z)


def relu_backward(dA, Z):
    cache = Z
    return np.where(cache <= 0, 0, dA)


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def sigmoid_backward(dA, Z):
    cache = Z
    return dA * sigmoid(cache) * (1 - sigmoid(cache))


def tanh(Z):
    return np.tanh(Z)


def tanh_backward(dA, Z):
    cache = Z
    return dA * (1 - np.tanh(cache) ** 2)


def improved_sigmoid(Z):
    return 1.7159 * np.tanh(2 / 3 * Z)


def improved_sigmoid_backward(dA, Z):
    cache = 2 / 3 * Z
    return 1.7159 * 2 / 3 * dA * (1 - np.tanh(cache) ** 2)


def softmax_jacobian(z):
    s = np.exp(z) / np.sum(np.exp(z))
    ds = s * (1 - s)
    return ds
