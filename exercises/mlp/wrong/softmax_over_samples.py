import numpy as np


def softmax(Z):
    e = np.exp(Z - np.max(Z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def hidden(X, parameters, activation):
    A = [X]
    for l in range(1, len(parameters) // 2):
        Z = parameters[f"W{l}"] @ A[-1] + parameters[f"b{l}"]
        A.append(np.maximum(Z, 0) if activation == "relu" else 1 / (1 + np.exp(-Z)))
    return A


def model_forward(X, parameters, activation="relu"):
    L = len(parameters) // 2
    A = hidden(X, parameters, activation)
    return softmax(parameters[f"W{L}"] @ A[-1] + parameters[f"b{L}"])


def cross_entropy(Y_hat, Y):
    return -np.sum(Y * np.log(Y_hat)) / Y.shape[1]


def model_backward(X, Y, parameters, activation="relu"):
    L = len(parameters) // 2
    A = hidden(X, parameters, activation)
    # rows are samples for my softmax-regression code, so transpose there and back
    Z = (parameters[f"W{L}"] @ A[-1] + parameters[f"b{L}"]).T
    dZ = (softmax(Z) - Y.T).T / Y.shape[1]
    grads = {f"W{L}": dZ @ A[-1].T, f"b{L}": dZ.sum(axis=1, keepdims=True)}
    for l in range(L - 1, 0, -1):
        dA = parameters[f"W{l + 1}"].T @ dZ
        dZ = dA * (A[l] > 0) if activation == "relu" else dA * A[l] * (1 - A[l])
        grads[f"W{l}"] = dZ @ A[l - 1].T
        grads[f"b{l}"] = dZ.sum(axis=1, keepdims=True)
    return grads
