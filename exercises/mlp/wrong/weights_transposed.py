import numpy as np


def softmax(Z):
    E = np.exp(Z - Z.max(axis=0))
    return E / E.sum(axis=0)


def linear_forward(A, W, b):
    return W @ A + b


def activation_forward(Z, activation):
    if activation == "relu":
        return np.maximum(Z, 0)
    elif activation == "sigmoid":
        return 1 / (1 + np.exp(-Z))
    elif activation == "softmax":
        return softmax(Z)


def model_forward(X, parameters, activation="relu"):
    L = len(parameters) // 2
    A = X
    for l in range(1, L + 1):
        Z = linear_forward(A, parameters[f"W{l}"], parameters[f"b{l}"])
        A = activation_forward(Z, activation if l < L else "softmax")
    return A


def cross_entropy(Y_hat, Y):
    return -np.sum(np.log(Y_hat) * Y) / Y.shape[-1]


def linear_backward(dZ, A_prev, W):
    dW = A_prev @ dZ.T
    db = np.sum(dZ, axis=1, keepdims=True)
    dA_prev = W.T @ dZ
    return dW, db, dA_prev


def activation_backward(dA, Z, activation):
    A = activation_forward(Z, activation)
    if activation == "relu":
        return dA * (Z > 0)
    return dA * A * (1 - A)


def model_backward(X, Y, parameters, activation="relu"):
    L = len(parameters) // 2
    Zs, As = {}, {0: X}
    for l in range(1, L + 1):
        Zs[l] = linear_forward(As[l - 1], parameters[f"W{l}"], parameters[f"b{l}"])
        As[l] = activation_forward(Zs[l], activation if l < L else "softmax")
    grads = {}
    dZ = (As[L] - Y) / Y.shape[1]
    for l in range(L, 0, -1):
        grads[f"W{l}"], grads[f"b{l}"], dA = linear_backward(dZ, As[l - 1], parameters[f"W{l}"])
        if l > 1:
            dZ = activation_backward(dA, Zs[l - 1], activation)
    return grads
