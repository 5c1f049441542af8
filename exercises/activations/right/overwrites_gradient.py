"""Assignment 1, activations. dA is not needed afterwards, so its memory is used for dZ."""
import numpy as np


def relu(Z):
    A = Z.copy()
    A *= Z > 0
    return A


def relu_backward(dA, Z):
    dA[Z <= 0] = 0
    return dA


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def sigmoid_backward(dA, Z):
    s = sigmoid(Z)
    dA *= s
    dA *= 1 - s
    return dA


def tanh(Z):
    return 2 * sigmoid(2 * Z) - 1


def tanh_backward(dA, Z):
    dA *= 1 - tanh(Z) ** 2
    return dA


def improved_sigmoid(Z):
    return 1.7159 * tanh(2 * Z / 3)


def improved_sigmoid_backward(dA, Z):
    dA *= 1.7159
    dA *= 2 / 3
    return tanh_backward(dA, 2 * Z / 3)


def softmax_jacobian(z):
    z -= z.max()
    s = np.exp(z)
    s /= s.sum()
    S = np.tile(s, (len(s), 1))
    return S.T * np.eye(len(s)) - S.T * S
