import numpy as np
from math import exp, log


def softmax(Z):
    n, M = Z.shape
    A = np.zeros((n, M))
    for i in range(n):
        s = 0
        for l in range(M - 1):
            s += exp(Z[i, l])
        for m in range(M):
            A[i, m] = exp(Z[i, m]) / s
    return A


def cross_entropy(Z, Y):
    n, M = Z.shape
    J = 0
    for i in range(n):
        J += log(sum(exp(Z[i, l]) for l in range(M)))
        J -= sum(Y[i, m] * Z[i, m] for m in range(M))
    return J / n


def cross_entropy_gradient(Z, Y):
    n, M = Z.shape
    A = softmax(Z)
    return np.array([[(A[i, m] - Y[i, m]) / n for m in range(M)] for i in range(n)])


def model_forward(X, W, b):
    return np.array([[sum(W[m] * x) + b[m] for m in range(len(b))] for x in X])


def model_backward(X, Y, W, b):
    dZ = cross_entropy_gradient(model_forward(X, W, b), Y)
    return np.dot(dZ.T, X), np.sum(dZ, axis=0)
