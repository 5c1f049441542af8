import numpy as np


def prepare(X):
    return X / 255


def relu(Z):
    return np.maximum(Z, 0)


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def softmax(Z):
    E = np.exp(Z - np.max(Z, axis=0))
    return E / np.sum(E, axis=0)


def model_forward(X, parameters, activation="relu"):
    A = prepare(X)
    L = len(parameters) // 2
    for l in range(1, L + 1):
        Z = np.matmul(parameters[f"W{l}"], A) + parameters[f"b{l}"]
        if l == L:
            return softmax(Z)
        A = relu(Z) if activation == "relu" else sigmoid(Z)


def cross_entropy(Y_hat, Y):
    return -np.sum(Y * np.log(Y_hat)) / Y.shape[1]


def model_backward(X, Y, parameters, activation="relu"):
    L = len(parameters) // 2
    A = [X]
    for l in range(1, L + 1):
        Z = np.matmul(parameters[f"W{l}"], A[-1]) + parameters[f"b{l}"]
        A.append(softmax(Z) if l == L else relu(Z) if activation == "relu" else sigmoid(Z))
    dZ = (A[L] - Y) / X.shape[1]
    grads = {}
    for l in range(L, 0, -1):
        grads[f"W{l}"] = np.matmul(dZ, A[l - 1].T)
        grads[f"b{l}"] = np.sum(dZ, axis=1, keepdims=True)
        slope = A[l - 1] > 0 if activation == "relu" else A[l - 1] * (1 - A[l - 1])
        dZ = np.matmul(parameters[f"W{l}"].T, dZ) * slope
    return grads
