import math

import numpy as np


def elementwise(f, *arrays):
    out = np.zeros(np.shape(arrays[0]))
    for index in np.ndindex(out.shape):
        out[index] = f(*(a[index] for a in arrays))
    return out


def logistic(z):
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    return math.exp(z) / (1 + math.exp(z))


def relu(Z):
    return elementwise(lambda z: max(z, 0), Z)


def relu_backward(dA, Z):
    return elementwise(lambda d, z: d if z > 0 else 0, dA, Z)


def sigmoid(Z):
    return elementwise(logistic, Z)


def sigmoid_backward(dA, Z):
    return elementwise(lambda d, z: d * logistic(z) * (1 - logistic(z)), dA, Z)


def tanh(Z):
    return elementwise(math.tanh, Z)


def tanh_backward(dA, Z):
    return elementwise(lambda d, z: d * (1 - math.tanh(z) ** 2), dA, Z)


def improved_sigmoid(Z):
    return elementwise(lambda z: 1.7159 * math.tanh(2 * z / 3), Z)


def improved_sigmoid_backward(dA, Z):
    return elementwise(lambda d, z: d * 1.7159 * 2 / 3 / math.cosh(2 * z / 3) ** 2, dA, Z)


def softmax_jacobian(z):
    total = sum(math.exp(v) for v in z)
    s = [math.exp(v) / total for v in z]
    M = len(s)
    return [[s[i] * (1 - s[i]) if i == j else -s[i] * s[j] for j in range(M)] for i in range(M)]
