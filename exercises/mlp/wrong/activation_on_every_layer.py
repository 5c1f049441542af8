import numpy as np


def activate(Z, activation):
    return np.maximum(Z, 0) if activation == "relu" else 1 / (1 + np.exp(-Z))


def softmax(Z):
    return np.exp(Z - Z.max(axis=0)) / np.exp(Z - Z.max(axis=0)).sum(axis=0)


def model_forward(X, parameters, activation="relu"):
    A = X
    for l in range(1, len(parameters) // 2 + 1):
        Z = parameters[f"W{l}"] @ A + parameters[f"b{l}"]
        A = activate(Z, activation)
    return softmax(A)


def cross_entropy(Y_hat, Y):
    return -np.sum(Y * np.log(Y_hat)) / Y.shape[1]


def model_backward(X, Y, parameters, activation="relu"):
    L = len(parameters) // 2
    Zs, As = [], [X]
    for l in range(1, L + 1):
        Zs.append(parameters[f"W{l}"] @ As[-1] + parameters[f"b{l}"])
        As.append(activate(Zs[-1], activation))
    grads = {}
    dZ = (softmax(Zs[-1]) - Y) / Y.shape[1]
    for l in range(L, 0, -1):
        if l < L:
            dA = parameters[f"W{l + 1}"].T @ dZ
            dZ = dA * (Zs[l - 1] > 0) if activation == "relu" else dA * As[l] * (1 - As[l])
        grads[f"W{l}"] = dZ @ As[l - 1].T
        grads[f"b{l}"] = dZ.sum(axis=1, keepdims=True)
    return grads
