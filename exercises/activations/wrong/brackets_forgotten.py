import numpy as np


def relu(z):
    return np.maximum(0, z)


def relu_backward(dA, z):
    return dA * (z > 0)


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_backward(dA, z):
    return dA * sigmoid(z) * (1.0 - sigmoid(z))


def tanh(z):
    return np.tanh(z)


def tanh_backward(dA, z):
    return dA * (1.0 - np.tanh(z) ** 2)


def improved_sigmoid(z):
    return 1.7159 * np.tanh((2.0 / 3.0) * z)


def improved_sigmoid_backward(dA, z):
    return dA * 1.7159 * (2.0 / 3.0) * 1.0 - np.tanh((2.0 / 3.0) * z) ** 2


def softmax_jacobian(z):
    exps = np.exp(z - np.max(z))
    s = exps / exps.sum()
    return np.array([s[i] * (np.arange(len(s)) == i) - s[i] * s for i in range(len(s))])
