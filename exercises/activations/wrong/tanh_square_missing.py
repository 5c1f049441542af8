import numpy as np


def relu(Z):
    return np.maximum(0, Z)


def relu_backward(dA, Z):
    dZ = dA * 1.0
    dZ[Z <= 0] = 0
    return dZ


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def sigmoid_backward(dA, Z):
    A = sigmoid(Z)
    return dA * (A - A**2)


def tanh(Z):
    return np.tanh(Z)


def tanh_backward(dA, Z):
    A = tanh(Z)
    return dA * (1 - A)


def improved_sigmoid(Z):
    return 1.7159 * np.tanh((2 / 3) * Z)


def improved_sigmoid_backward(dA, Z):
    return dA * (2 / 3) * (1.7159 - improved_sigmoid(Z) ** 2 / 1.7159)


def softmax_jacobian(z):
    s = np.exp(z) / np.sum(np.exp(z))
    return -np.outer(s, s) + np.diag(s)
