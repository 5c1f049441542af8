import numpy as np

memory = {}


def remember(key, value):
    if key not in memory:
        memory[key] = value
    return memory[key]


def relu(Z):
    return np.maximum(Z, 0)


def relu_backward(dA, Z):
    return dA * (Z > 0)


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def sigmoid_backward(dA, Z):
    A = remember("sigmoid", sigmoid(Z))
    return dA * A * (1 - A)


def tanh(Z):
    return np.tanh(Z)


def tanh_backward(dA, Z):
    A = tanh(Z)
    return dA * (1 - A**2)


def improved_sigmoid(Z):
    return 1.7159 * np.tanh(2 * Z / 3)


def improved_sigmoid_backward(dA, Z):
    A = np.tanh(2 * Z / 3)
    return dA * 1.7159 * (2 / 3) * (1 - A**2)


def softmax_jacobian(z):
    s = np.exp(z) / np.exp(z).sum()
    return np.diag(s) - np.outer(s, s)
