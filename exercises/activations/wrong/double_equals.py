import numpy as np


def relu(Z):
    A = np.array(Z)
    A[Z < 0] = 0
    return A


def relu_backward(dA, Z):
    dZ = np.array(dA)
    dZ[Z < 0] == 0
    return dZ


def sigmoid(Z):
    A = np.array(Z)
    A = 1 / (1 + np.exp(-A))
    return A


def sigmoid_backward(dA, Z):
    dZ = np.array(dA)
    dZ *= sigmoid(Z) * (1 - sigmoid(Z))
    return dZ


def tanh(Z):
    return np.tanh(Z)


def tanh_backward(dA, Z):
    dZ = np.array(dA)
    dZ *= 1 - np.tanh(Z) ** 2
    return dZ


def improved_sigmoid(Z):
    return 1.7159 * np.tanh(2 * Z / 3)


def improved_sigmoid_backward(dA, Z):
    dZ = np.array(dA)
    dZ *= 1.7159 * 2 / 3 * (1 - np.tanh(2 * Z / 3) ** 2)
    return dZ


def softmax_jacobian(z):
    s = np.array(z)
    s = np.exp(s)
    s /= s.sum()
    J = np.diag(s)
    J = J - np.outer(s, s)
    return J
