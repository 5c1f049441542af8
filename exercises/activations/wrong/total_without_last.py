"""Activations with plain loops."""
from math import exp, tanh as th

import numpy as np


def relu(Z):
    return np.array([[max(z, 0.0) for z in row] for row in Z])


def relu_backward(dA, Z):
    return np.array([[d * (z > 0) for d, z in zip(ds, zs)] for ds, zs in zip(dA, Z)])


def sigmoid(Z):
    return np.array([[1 / (1 + exp(-z)) for z in row] for row in Z])


def sigmoid_backward(dA, Z):
    A = sigmoid(Z)
    return np.array([[d * a * (1 - a) for d, a in zip(ds, As)] for ds, As in zip(dA, A)])


def tanh(Z):
    return np.array([[th(z) for z in row] for row in Z])


def tanh_backward(dA, Z):
    return np.array([[d * (1 - th(z) ** 2) for d, z in zip(ds, zs)] for ds, zs in zip(dA, Z)])


def improved_sigmoid(Z):
    return np.array([[1.7159 * th(2 * z / 3) for z in row] for row in Z])


def improved_sigmoid_backward(dA, Z):
    c = 1.7159 * 2 / 3
    return np.array([[d * c * (1 - th(2 * z / 3) ** 2) for d, z in zip(ds, zs)] for ds, zs in zip(dA, Z)])


def softmax_jacobian(z):
    M = z.shape[0]
    denominator = 0.0
    for l in range(0, M - 1):
        denominator += exp(z[l])
    s = [exp(z[k]) / denominator for k in range(M)]
    rows = []
    for i in range(M):
        rows.append([s[i] - s[i] * s[j] if j == i else -s[i] * s[j] for j in range(M)])
    return np.array(rows)
