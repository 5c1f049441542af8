import numpy as np


def relu(Z):
    return np.maximum(0, Z)


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def softmax(Z):
    E = np.exp(Z - Z.max(axis=0, keepdims=True))
    return E / E.sum(axis=0, keepdims=True)


def forward(X, parameters, activation):
    g = relu if activation == "relu" else sigmoid
    L = len(parameters) // 2
    A, Z = {0: X}, {}
    for l in range(1, L + 1):
        Z[l] = parameters[f"W{l}"] @ A[l - 1] + parameters[f"b{l}"]
        A[l] = g(Z[l]) if l != L else softmax(Z[l])
    return A, Z


def model_forward(X, parameters, activation="relu"):
    A, Z = forward(X, parameters, activation)
    return A[max(A)], (A, Z)


def cross_entropy(Y_hat, Y):
    n = Y.shape[1]
    return -1.0 / n * np.tensordot(Y, np.log(Y_hat))


def model_backward(X, Y, parameters, activation="relu"):
    A, Z = forward(X, parameters, activation)
    L = max(A)
    n = Y.shape[1]
    dZ, grads = {L: (A[L] - Y) / n}, {}
    for l in range(L, 0, -1):
        grads[f"W{l}"] = dZ[l] @ A[l - 1].T
        grads[f"b{l}"] = -np.sum(dZ[l], axis=1, keepdims=True)
        if l > 1:
            dA = parameters[f"W{l}"].T @ dZ[l]
            dZ[l - 1] = dA * (Z[l - 1] > 0) if activation == "relu" else dA * sigmoid(Z[l - 1]) * sigmoid(-Z[l - 1])
    return grads
