import numpy as np
from math import exp


def relu(Z):
    n, H = Z.shape
    A = np.zeros((n, H))
    for i in range(n):
        for k in range(H):
            if Z[i][k] > 0:
                A[i][k] = Z[i][k]
    return A


def relu_backward(dA, Z):
    n, H = Z.shape
    dZ = np.zeros((n, H))
    for i in range(n):
        for k in range(H):
            if Z[i][k] > 0:
                dZ[i][k] = dA[i][k]
    return dZ


def sigmoid(Z):
    n, H = Z.shape
    A = np.zeros((n, H))
    for i in range(n):
        for k in range(H):
            A[i][k] = 1 / (1 + exp(-Z[i][k]))
    return A


def sigmoid_backward(dA, Z):
    n, H = Z.shape
    A = sigmoid(Z)
    dZ = np.zeros((n, H))
    for i in range(n - 1):
        for k in range(H):
            dZ[i][k] = dA[i][k] * A[i][k] * (1 - A[i][k])
    return dZ


def tanh(Z):
    return 2 * sigmoid(2 * Z) - 1


def tanh_backward(dA, Z):
    return dA * (1 - tanh(Z) ** 2)


def improved_sigmoid(Z):
    return 1.7159 * tanh(2 / 3 * Z)


def improved_sigmoid_backward(dA, Z):
    return dA * 1.7159 * 2 / 3 * (1 - tanh(2 / 3 * Z) ** 2)


def softmax_jacobian(z):
    e = [exp(v) for v in z]
    s = np.array(e) / sum(e)
    return np.diag(s) - np.outer(s, s)
