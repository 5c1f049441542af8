import numpy as np


def f(Z, activation):
    return {"relu": np.maximum(Z, 0), "sigmoid": 1 / (1 + np.exp(-Z))}[activation]


def softmax(Z):
    Z = Z - np.max(Z, axis=0)
    return np.exp(Z) / np.sum(np.exp(Z), axis=0)


def backprop(A, Y, parameters, l, activation, grads):
    """Fills in the gradients from layer l on; returns dJ/dA."""
    W, b = parameters[f"W{l}"], parameters[f"b{l}"]
    Z = np.dot(W, A) + b
    if f"W{l + 1}" in parameters:
        A_next = f(Z, activation)
        dA_next = backprop(A_next, Y, parameters, l + 1, activation, grads)
        dZ = dA_next * (A_next > 0) if activation == "relu" else dA_next * A_next * (1 - A_next)
    else:
        dZ = 2 * (softmax(Z) - Y) / Y.shape[1]
    grads[f"W{l}"] = np.dot(dZ, A.T)
    grads[f"b{l}"] = np.sum(dZ, axis=1, keepdims=True)
    return np.dot(W.T, dZ)


def model_forward(X, parameters, activation="relu"):
    A = X
    L = len(parameters) // 2
    for l in range(1, L):
        A = f(np.dot(parameters[f"W{l}"], A) + parameters[f"b{l}"], activation)
    return softmax(np.dot(parameters[f"W{L}"], A) + parameters[f"b{L}"])


def cross_entropy(Y_hat, Y):
    return -np.sum(np.where(Y == 1, np.log(Y_hat), 0)) / Y.shape[1]


def model_backward(X, Y, parameters, activation="relu"):
    grads = {}
    backprop(X, Y, parameters, 1, activation, grads)
    return grads
