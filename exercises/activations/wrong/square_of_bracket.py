import numpy as np


def relu(Z):
    return np.maximum(0, Z)


def relu_backward(dA, Z):
    dZ = dA.copy()
    dZ[Z < 0] = 0
    return dZ


def sigmoid(Z):
    return np.divide(1, np.add(1, np.exp(np.negative(Z))))


def sigmoid_backward(dA, Z):
    g = sigmoid(Z)
    return np.multiply(dA, g - np.square(g))


def tanh(Z):
    return np.tanh(Z)


def tanh_backward(dA, Z):
    return np.multiply(dA, 1 - np.square(np.tanh(Z)))


def improved_sigmoid(Z):
    inner = (2 / 3) * Z
    return 1.7159 * np.tanh(inner)


def improved_sigmoid_backward(dA, Z):
    inner = (2 / 3) * Z
    dimproved = 1.7159 * (2 / 3) * np.square(1 - np.tanh(inner))
    return np.multiply(dA, dimproved)


def softmax_jacobian(z):
    s = np.exp(z - max(z)) / sum(np.exp(z - max(z)))
    return np.diag(s) - np.matmul(s.reshape(-1, 1), s.reshape(1, -1))
