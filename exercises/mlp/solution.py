# gradcheck: exercise mlp
"""Multilayer perceptron, samples in columns."""

import numpy as np


def relu(Z):
    """max(z, 0), elementwise."""
    return np.maximum(Z, 0)


def relu_derivative(Z):
    """1 where z > 0, else 0."""
    return Z > 0


def sigmoid(Z):
    """1 / (1 + e^-z), written with tanh so that exp cannot overflow."""
    return (1 + np.tanh(Z / 2)) / 2


def sigmoid_derivative(Z):
    """a (1 - a) with a = sigmoid(z)."""
    A = sigmoid(Z)
    return A * (1 - A)


ACTIVATIONS = {"relu": (relu, relu_derivative), "sigmoid": (sigmoid, sigmoid_derivative)}


def softmax(Z):
    """Softmax of each column."""
    E = np.exp(Z - Z.max(axis=0))
    return E / E.sum(axis=0)


def forward_pass(X, parameters, activation):
    """Pre-activations Z_1 ... Z_L and the inputs A_0 ... A_(L-1) of the layers."""
    act, _ = ACTIVATIONS[activation]
    Zs, As = [], [X]
    for layer in range(1, len(parameters) // 2 + 1):
        if Zs:
            As.append(act(Zs[-1]))
        Zs.append(parameters[f"W{layer}"] @ As[-1] + parameters[f"b{layer}"])
    return Zs, As


def model_forward(X, parameters, activation="relu"):
    """Probabilities, shape (M, n)."""
    Zs, _ = forward_pass(X, parameters, activation)
    return softmax(Zs[-1])


def cross_entropy(Y_hat, Y):
    """J = -(1/n) sum_i sum_m y_mi ln y_hat_mi."""
    return -np.sum(Y * np.log(Y_hat)) / Y.shape[1]


def model_backward(X, Y, parameters, activation="relu"):
    """Gradients, a dict with the keys of parameters."""
    _, act_derivative = ACTIVATIONS[activation]
    Zs, As = forward_pass(X, parameters, activation)
    gradients = {}
    dZ = (softmax(Zs[-1]) - Y) / Y.shape[1]
    for layer in range(len(Zs), 0, -1):
        gradients[f"W{layer}"] = dZ @ As[layer - 1].T
        gradients[f"b{layer}"] = dZ.sum(axis=1, keepdims=True)
        if layer > 1:
            dZ = parameters[f"W{layer}"].T @ dZ * act_derivative(Zs[layer - 2])
    return gradients
