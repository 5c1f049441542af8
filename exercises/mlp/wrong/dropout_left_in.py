import numpy as np

KEEP = 0.8


def softmax(Z):
    e = np.exp(Z - Z.max(axis=0))
    return e / e.sum(axis=0)


def layer(A, W, b, activation):
    Z = W @ A + b
    return np.maximum(Z, 0) if activation == "relu" else 1 / (1 + np.exp(-Z))


def model_forward(X, parameters, activation="relu"):
    L = len(parameters) // 2
    A = X
    for l in range(1, L):
        A = layer(A, parameters[f"W{l}"], parameters[f"b{l}"], activation)
    return softmax(parameters[f"W{L}"] @ A + parameters[f"b{L}"])


def cross_entropy(Y_hat, Y):
    return -np.sum(Y * np.log(Y_hat)) / Y.shape[1]


def model_backward(X, Y, parameters, activation="relu"):
    L = len(parameters) // 2
    A = [X]
    masks = [1]
    for l in range(1, L):
        masks.append(np.random.rand(len(parameters[f"b{l}"]), 1) < KEEP)
        A.append(layer(A[-1], parameters[f"W{l}"], parameters[f"b{l}"], activation) * masks[-1] / KEEP)
    dZ = (softmax(parameters[f"W{L}"] @ A[-1] + parameters[f"b{L}"]) - Y) / Y.shape[1]
    grads = {}
    for l in range(L, 0, -1):
        grads[f"W{l}"] = dZ @ A[l - 1].T
        grads[f"b{l}"] = dZ.sum(axis=1, keepdims=True)
        undropped = A[l - 1] * KEEP if l > 1 else X
        slope = (undropped > 0) if activation == "relu" else undropped * (1 - undropped)
        dZ = parameters[f"W{l}"].T @ dZ * slope * masks[l - 1]
    return grads
