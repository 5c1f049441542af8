"""Derivatives written as functions of the activation a, as the lecture does."""
import numpy as np


def relu(Z):
    return Z * (Z > 0)


def relu_backward(dA, Z):
    A = relu(Z)
    dZ = dA.astype(float)
    dZ[A <= 0] = 0  # a is 0 exactly where z is not positive
    return dZ


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def sigmoid_prime(a):
    return a * (1 - a)


def sigmoid_backward(dA, Z):
    return dA * sigmoid_prime(sigmoid(Z))


def tanh(Z):
    return np.tanh(Z)


def tanh_prime(a):
    return 1 - a**2


def tanh_backward(dA, Z):
    return dA * tanh_prime(tanh(Z))


def improved_sigmoid(Z):
    return 1.7159 * np.tanh(2 / 3 * Z)


def improved_sigmoid_prime(a):
    return 2 / 3 / 1.7159 * (1.7159 - a) * (1.7159 + a)


def improved_sigmoid_backward(dA, Z):
    return dA * improved_sigmoid_prime(improved_sigmoid(Z))


def softmax_jacobian(z):
    s = np.exp(z) / np.sum(np.exp(z))
    return s.reshape(-1, 1) * np.identity(s.size) - s.reshape(-1, 1) @ s.reshape(1, -1)
