# gradcheck: exercise activations
import numpy as np

FUNCTIONS = {
    "relu": lambda z: np.maximum(z, 0),
    "sigmoid": lambda z: np.reciprocal(1 + np.exp(-z)),
    "tanh": np.tanh,
    "improved": lambda z: 1.7159 * np.tanh(2 * z / 3),
}

# all of them as functions of a = act(z)
DERIVATIVES = {
    "relu": lambda a: np.sign(a),
    "sigmoid": lambda a: a - a * a,
    "tanh": lambda a: (1 + a) * (1 - a),
    "improved": lambda a: 1.7159 * 2 / 3 - 2 / 3 / 1.7159 * a * a,
}


def apply(name, Z):
    return FUNCTIONS[name](Z)


def back(name, dA, Z):
    return DERIVATIVES[name](FUNCTIONS[name](Z)) * dA


def relu(Z):
    return apply("relu", Z)


def relu_backward(dA, Z):
    return back("relu", dA, Z)


def sigmoid(Z):
    return apply("sigmoid", Z)


def sigmoid_backward(dA, Z):
    return back("sigmoid", dA, Z)


def tanh(Z):
    return apply("tanh", Z)


def tanh_backward(dA, Z):
    return back("tanh", dA, Z)


def improved_sigmoid(Z):
    return apply("improved", Z)


def improved_sigmoid_backward(dA, Z):
    return back("improved", dA, Z)


def softmax_jacobian(z):
    s = np.exp(z) / np.exp(z).sum()
    delta = np.eye(len(s))
    return np.array([[s[i] * (delta[i, j] - s[j]) for j in range(len(s))] for i in range(len(s))])
