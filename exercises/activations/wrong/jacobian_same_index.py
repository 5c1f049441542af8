import math

import numpy as np


def loop(f, Z):
    out = np.empty_like(Z, dtype=float)
    for i, row in enumerate(Z):
        for k, z in enumerate(row):
            out[i, k] = f(z)
    return out


def sig(z):
    return 1 / (1 + math.exp(-z))


def relu(Z):
    return loop(lambda z: max(0, z), Z)


def relu_backward(dA, Z):
    return dA * loop(lambda z: 1 if z > 0 else 0, Z)


def sigmoid(Z):
    return loop(sig, Z)


def sigmoid_backward(dA, Z):
    return dA * loop(lambda z: sig(z) * (1 - sig(z)), Z)


def tanh(Z):
    return loop(math.tanh, Z)


def tanh_backward(dA, Z):
    return dA * loop(lambda z: 1 - math.tanh(z) ** 2, Z)


def improved_sigmoid(Z):
    return loop(lambda z: 1.7159 * math.tanh(2 / 3 * z), Z)


def improved_sigmoid_backward(dA, Z):
    return dA * loop(lambda z: 1.7159 * 2 / 3 * (1 - math.tanh(2 / 3 * z) ** 2), Z)


def softmax_jacobian(z):
    s = [math.exp(v) for v in z]
    s = [v / math.fsum(s) for v in s]
    J = np.diag([v * (1 - v) for v in s])
    for y in range(len(s)):
        for j in range(len(s)):
            if y != j:
                J[y, j] = -s[y] * s[y]
    return J
