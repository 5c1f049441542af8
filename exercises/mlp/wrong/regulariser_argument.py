# gradcheck: exercise mlp
import numpy as np


def softmax(Z):
    E = np.exp(Z - np.max(Z, axis=0))
    return E / np.sum(E, axis=0)


def g(Z, activation):
    return np.maximum(Z, 0) if activation == "relu" else 1 / (1 + np.exp(-Z))


def g_prime(A, activation):
    return A > 0 if activation == "relu" else A * (1 - A)


def forward(X, parameters, activation):
    L = len(parameters) // 2
    A = [X]
    for l in range(1, L + 1):
        Z = parameters[f"W{l}"] @ A[-1] + parameters[f"b{l}"]
        A.append(g(Z, activation) if l < L else softmax(Z))
    return A


def model_forward(X, parameters, activation="relu"):
    return forward(X, parameters, activation)[-1]


def cross_entropy(Y_hat, Y, parameters, lambd):
    n = Y.shape[1]
    weights = [value for key, value in parameters.items() if key.startswith("W")]
    return -np.sum(Y * np.log(Y_hat)) / n + lambd * sum(np.sum(W**2) for W in weights)


def model_backward(X, Y, parameters, activation="relu", lambd=0):
    A = forward(X, parameters, activation)
    dZ = (A[-1] - Y) / Y.shape[1]
    grads = {}
    for l in range(len(A) - 1, 0, -1):
        W = parameters[f"W{l}"]
        grads[f"W{l}"] = dZ @ A[l - 1].T + 2 * lambd * W
        grads[f"b{l}"] = dZ.sum(axis=1, keepdims=True)
        dZ = W.T @ dZ * g_prime(A[l - 1], activation)
    return grads
