import numpy as np


def softmax(Z):
    e = np.exp(Z - Z.max(axis=0))
    return e / e.sum(axis=0)


def linear_activation_forward(A, W, b, activation):
    Z = W @ A + b
    if activation == "relu":
        return np.maximum(Z, 0), Z
    if activation == "sigmoid":
        return 1 / (1 + np.exp(-Z)), Z
    return softmax(Z), Z


def model_forward(X, parameters, activation="relu"):
    L = len(parameters) // 2
    A, caches = X, []
    for l in range(1, L + 1):
        A_prev = A
        A, Z = linear_activation_forward(
            A, parameters[f"W{l}"], parameters[f"b{l}"], activation if l < L else "softmax"
        )
        caches.append((A_prev, Z))
    return A, caches


def cross_entropy(Y_hat, Y):
    n = Y.shape[1]
    return -np.sum(Y * np.log(Y_hat)) / n


def model_backward(X, Y, parameters, activation="relu"):
    AL, caches = model_forward(X, parameters, activation)
    grads = {}
    dZ = (AL - Y) / n
    for l in reversed(range(1, len(caches) + 1)):
        A_prev, Z = caches[l - 1]
        grads[f"W{l}"] = dZ @ A_prev.T
        grads[f"b{l}"] = dZ.sum(axis=1, keepdims=True)
        if l > 1:
            slope = caches[l - 2][1] > 0 if activation == "relu" else A_prev * (1 - A_prev)
            dZ = (parameters[f"W{l}"].T @ dZ) * slope
    return grads
