import numpy as np


def relu(Z):
    return np.maximum(0, Z)


def relu_backward(dA, Z):
    mask = Z > 0
    return mask * dA


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def sigmoid_backward(dA, Z):
    sig = sigmoid(Z)
    return dA * sig * (1 - sig)


def tanh(Z):
    ez, emz = np.exp(Z), np.exp(-Z)
    return (ez - emz) / (ez + emz)


def tanh_backward(dA, Z):
    return dA * (1 - tanh(Z)) * (1 + tanh(Z))


def improved_sigmoid(Z):
    return 1.7159 * tanh(2 * Z / 3)


def improved_sigmoid_backward(dA, Z):
    return dA * 1.7159 * 2 / 3 * (1 - tanh(2 * Z / 3) ** 2)


def softmax_jacobian(z):
    s = np.exp(z) / np.exp(z).sum()
    M = len(s)
    J = np.empty((M, M))
    for i in range(M):
        for j in range(M):
            if i == j:
                J[i, j] = s[i] * (1 - s[i])
            else:
                J[i, j] = s[i] * s[j]
    return J
