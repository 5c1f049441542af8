# gradcheck: exercise activations
import numpy as np


def relu(Z):
    return Z.clip(min=0)


def relu_backward(dA, Z):
    return dA * (Z.clip(min=0) > 0)


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def sigmoid_backward(dA, Z):
    a = sigmoid(Z)
    return dA * (a - a**2)


def tanh(Z):
    return np.exp(Z) - np.exp(-Z) / np.exp(Z) + np.exp(-Z)


def tanh_backward(dA, Z):
    return dA / np.cosh(Z) ** 2


def improved_sigmoid(Z):
    return 1.7159 * (2 * sigmoid(4 * Z / 3) - 1)


def improved_sigmoid_backward(dA, Z):
    a = sigmoid(4 * Z / 3)
    return dA * 1.7159 * (8 / 3) * a * (1 - a)


def softmax_jacobian(z):
    s = np.exp(z) / np.exp(z).sum()
    return np.diag(s) - np.outer(s, s)
