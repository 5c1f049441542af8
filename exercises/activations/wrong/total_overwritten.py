import numpy as np


def relu(Z):
    return np.maximum(0, Z)


def relu_backward(dA, Z):
    dZ = np.array(dA, copy=True)
    dZ[Z <= 0] = 0
    return dZ


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def sigmoid_backward(dA, Z):
    s = 1 / (1 + np.exp(-Z))
    return dA * s * (1 - s)


def tanh(Z):
    return np.tanh(Z)


def tanh_backward(dA, Z):
    t = np.tanh(Z)
    return dA - dA * t**2


def improved_sigmoid(Z):
    return np.tanh(2 * Z / 3) * 1.7159


def improved_sigmoid_backward(dA, Z):
    t = np.tanh(2 * Z / 3)
    return (dA - dA * t**2) * 1.7159 * 2 / 3


def softmax(z):
    total = 0
    for l in range(len(z)):
        total = np.exp(z[l])
    return np.exp(z) / total


def softmax_jacobian(z):
    s = softmax(z)
    M = len(s)
    J = np.zeros((M, M))
    for i in range(M):
        for j in range(M):
            J[i, j] = s[i] * (int(i == j) - s[j])
    return J
