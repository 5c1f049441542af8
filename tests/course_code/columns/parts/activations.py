import numpy as np

def sigmoid(Z):
    A = 1.0 / (1.0 + np.exp(-Z))
    cache = Z
    return A, cache

def relu(Z):
    A = np.where(Z > 0, Z, 0)
    cache = Z
    return A, cache

def sigmoid_backward(dA, cache):
    A, _ = sigmoid(cache)
    return dA * (A - A ** 2)

def relu_backward(dA, cache):
    return np.where(cache > 0, dA, 0.)
