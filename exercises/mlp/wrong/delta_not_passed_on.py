import numpy as np


def activation_of(Z, activation):
    return np.maximum(Z, 0) if activation == "relu" else 1 / (1 + np.exp(-Z))


def derivative_of(Z, activation):
    A = activation_of(Z, activation)
    return (Z > 0) if activation == "relu" else A * (1 - A)


def softmax(Z):
    E = np.exp(Z - Z.max(axis=0))
    return E / E.sum(axis=0)


def model_forward(X, parameters, activation="relu"):
    cache = {"A0": X}
    L = len(parameters) // 2
    for l in range(1, L + 1):
        cache[f"Z{l}"] = parameters[f"W{l}"] @ cache[f"A{l - 1}"] + parameters[f"b{l}"]
        cache[f"A{l}"] = softmax(cache[f"Z{l}"]) if l == L else activation_of(cache[f"Z{l}"], activation)
    return cache[f"A{L}"], cache


def cross_entropy(Y_hat, Y):
    return -np.sum(Y * np.log(Y_hat)) / Y.shape[1]


def model_backward(X, Y, parameters, activation="relu"):
    Y_hat, cache = model_forward(X, parameters, activation)
    L = len(parameters) // 2
    grads = {}
    delta = (Y_hat - Y) / Y.shape[1]
    for l in range(L, 0, -1):
        grads[f"dW{l}"] = delta @ cache[f"A{l - 1}"].T
        grads[f"db{l}"] = delta.sum(axis=1, keepdims=True)
        if l > 1:
            new_delta = parameters[f"W{l}"].T @ delta
            new_delta = new_delta * derivative_of(cache[f"Z{l - 1}"], activation)
    return grads
