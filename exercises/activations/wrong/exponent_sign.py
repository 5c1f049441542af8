from numpy import *


def relu(Z):
    return maximum(Z, 0)


def relu_backward(dA, Z):
    dZ = dA + 0
    dZ[Z < 0] = 0
    return dZ


def sigmoid(Z):
    return 1 / (1 + exp(Z))


def sigmoid_backward(dA, Z):
    a = sigmoid(Z)
    return dA * a * (1 - a)


def tanh(Z):
    return (exp(Z) - exp(-Z)) / (exp(Z) + exp(-Z))


def tanh_backward(dA, Z):
    a = tanh(Z)
    return dA * (1 - a * a)


def improved_sigmoid(Z):
    return 1.7159 * tanh(2 / 3 * Z)


def improved_sigmoid_backward(dA, Z):
    a = improved_sigmoid(Z)
    return dA * 2 / 3 / 1.7159 * (1.7159**2 - a * a)


def softmax_jacobian(z):
    s = exp(z) / exp(z).sum()
    return diag(s) - outer(s, s)
