"""MLP with helper functions for the forward and the backward pass of one layer."""
from numpy import *


def forward_layer(W, b, A, f):
    Z = dot(W, A) + b
    return f(Z)


def backward_layer(W, A, dZ, df):
    return {"W": dot(dZ, A.T), "b": dZ.sum(axis=1, keepdims=True), "dZ": dot(W.T, dZ) * df(A)}


def softmax(Z):
    return exp(Z) / exp(Z).sum(axis=0)


relu = (lambda Z: Z * (Z > 0), lambda A: A > 0)
sigmoid = (lambda Z: 1 / (1 + exp(-Z)), lambda A: A * (1 - A))


def all_layers(X, parameters, activation):
    f, _ = relu if activation == "relu" else sigmoid
    L = len(parameters) // 2
    As = [X]
    for l in range(1, L + 1):
        As.append(forward_layer(parameters[f"W{l}"], parameters[f"b{l}"], As[-1], f if l < L else softmax))
    return As


def model_forward(X, parameters, activation="relu"):
    return all_layers(X, parameters, activation)[-1]


def cross_entropy(Y_hat, Y):
    return -(Y * log(Y_hat)).sum() / Y.shape[1]


def model_backward(X, Y, parameters, activation="relu"):
    _, df = relu if activation == "relu" else sigmoid
    As = all_layers(X, parameters, activation)
    m = X.shape[0]
    dZ = (As.pop() - Y) / m
    grads = {}
    for l in range(len(As), 0, -1):
        step = backward_layer(parameters[f"W{l}"], As.pop(), dZ, df)
        grads[f"W{l}"], grads[f"b{l}"], dZ = step["W"], step["b"], step["dZ"]
    return grads
