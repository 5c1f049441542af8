import math
from itertools import product

import numpy as np


def by_entry(Z, f):
    try:
        n, H = Z.shape
    except ValueError:
        return np.array([f(z) for z in Z])
    return np.array([[f(Z[i][j]) for j in range(H)] for i in range(n)])


def hyper(Z, scale=1.0, **kwargs):
    stretch = kwargs.get("stretch", 1.0)
    return scale * by_entry(Z, lambda z: math.tanh(stretch * z))


def hyper_slope(Z, scale=1.0, **kwargs):
    stretch = kwargs.get("stretch", 1.0)
    return scale * stretch * by_entry(Z, lambda z: 1.0 - math.pow(math.tanh(stretch * z), 2))


LECUN = {"scale": 1.7159, "stretch": 2.0 / 3.0}


def relu(Z):
    return by_entry(Z, lambda z: z if z > 0 else 0.0)


def relu_backward(dA, Z):
    dZ = []
    for row_dA, row_Z in zip(dA, Z):
        dZ.append([d if z > 0 else 0.0 for d, z in zip(row_dA, row_Z)])
    return dZ


def sigmoid(Z):
    return by_entry(Z, lambda z: 1 / (1 + math.exp(-z)))


def sigmoid_backward(dA, Z):
    return dA * by_entry(Z, lambda z: 1 / (2 + math.exp(z) + math.exp(-z)))


def tanh(Z):
    return hyper(Z)


def tanh_backward(dA, Z):
    return hyper_slope(Z) * dA


def improved_sigmoid(Z):
    return hyper(Z, **LECUN)


def improved_sigmoid_backward(dA, Z):
    return hyper_slope(Z, **LECUN) * dA


def softmax_jacobian(z):
    total = math.fsum(math.exp(x) for x in z)
    probs = [math.exp(x) / total for x in z]
    J = np.zeros((len(z), len(z)))
    for i, j in product(range(len(z)), repeat=2):
        J[i, j] = -probs[i] * probs[j] + (probs[i] if i == j else 0)
    return J
