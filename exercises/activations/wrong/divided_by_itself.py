# gradcheck: exercise activations
import numpy as np

np.seterr(all="ignore")


def relu(Z):
    return Z * (Z > 0)


def relu_backward(dA, Z):
    A = relu(Z)
    # 1 for the active units
    return dA * A / A


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def sigmoid_backward(dA, Z):
    A = sigmoid(Z)
    return dA * A * (1 - A)


def tanh(Z):
    return np.sinh(Z) / np.cosh(Z)


def tanh_backward(dA, Z):
    A = tanh(Z)
    return dA * (1 - A**2)


def improved_sigmoid(Z):
    return 1.7159 * tanh(2 * Z / 3)


def improved_sigmoid_backward(dA, Z):
    A = improved_sigmoid(Z)
    return dA * 2 / 3 * (1.7159 - A**2 / 1.7159)


def softmax_jacobian(z):
    s = np.exp(z) / np.exp(z).sum()
    J = -np.outer(s, s)
    J += np.diag(s)
    return J
