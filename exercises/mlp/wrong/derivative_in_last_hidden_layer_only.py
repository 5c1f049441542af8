import numpy as np


def g(Z, kind):
    return np.maximum(0, Z) if kind == "relu" else 1 / (1 + np.exp(-Z))


def dg(Z, kind):
    return np.where(Z > 0, 1, 0) if kind == "relu" else g(Z, kind) * (1 - g(Z, kind))


def softmax(Z):
    E = np.exp(Z - np.max(Z, axis=0))
    return E / np.sum(E, axis=0)


def forward(X, parameters, kind):
    L = len(parameters) // 2
    A = {0: X}
    Z = {}
    for l in range(1, L + 1):
        Z[l] = parameters[f"W{l}"].dot(A[l - 1]) + parameters[f"b{l}"]
        A[l] = g(Z[l], kind) if l < L else softmax(Z[l])
    return A, Z, L


def model_forward(X, parameters, activation="relu"):
    A, Z, L = forward(X, parameters, activation)
    return A[L]


def cross_entropy(Y_hat, Y):
    return -np.sum(np.log(np.sum(Y_hat * Y, axis=0))) / Y.shape[1]


def model_backward(X, Y, parameters, activation="relu"):
    A, Z, L = forward(X, parameters, activation)
    m = Y.shape[1]
    grads = {}

    # output layer
    dZ = (A[L] - Y) / m
    grads[f"W{L}"] = dZ.dot(A[L - 1].T)
    grads[f"b{L}"] = np.sum(dZ, axis=1, keepdims=True)

    # last hidden layer
    if L > 1:
        dZ = parameters[f"W{L}"].T.dot(dZ) * dg(Z[L - 1], activation)
        grads[f"W{L - 1}"] = dZ.dot(A[L - 2].T)
        grads[f"b{L - 1}"] = np.sum(dZ, axis=1, keepdims=True)

    # the other hidden layers
    for l in range(L - 2, 0, -1):
        dZ = parameters[f"W{l + 1}"].T.dot(dZ)
        grads[f"W{l}"] = dZ.dot(A[l - 1].T)
        grads[f"b{l}"] = np.sum(dZ, axis=1, keepdims=True)
    return grads
