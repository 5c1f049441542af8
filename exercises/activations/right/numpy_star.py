from numpy import *


def relu(Z):
    return where(Z > 0, Z, 0)


def relu_backward(dA, Z):
    return where(Z > 0, dA, 0)


def sigmoid(Z):
    return 1 / (1 + exp(-Z))


def sigmoid_backward(dA, Z):
    e = exp(-Z)
    return dA * e / (1 + e) ** 2


def tanh(Z):
    return (exp(Z) - exp(-Z)) / (exp(Z) + exp(-Z))


def tanh_backward(dA, Z):
    return 4 * dA / (exp(Z) + exp(-Z)) ** 2


def improved_sigmoid(Z):
    return 1.7159 * tanh(2 / 3 * Z)


def improved_sigmoid_backward(dA, Z):
    return 1.7159 * (2 / 3) * tanh_backward(dA, 2 / 3 * Z)


def softmax_jacobian(z):
    s = exp(z - max(z))
    s /= sum(s)
    jacobian = outer(-s, s)
    jacobian[arange(len(s)), arange(len(s))] += s
    return jacobian
