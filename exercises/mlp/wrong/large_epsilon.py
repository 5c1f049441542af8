import numpy as np

EPS = 1e-2


def softmax(Z):
    e = np.exp(Z - Z.max(axis=0))
    return e / e.sum(axis=0)


def step(Z, activation):
    if activation == "relu":
        return np.maximum(Z, 0), (Z > 0) * 1
    S = 1 / (1 + np.exp(-Z))
    return S, S * (1 - S)


def model_forward(X, parameters, activation="relu"):
    A, history = X, []
    L = len(parameters) // 2
    for l in range(1, L + 1):
        Z = np.dot(parameters[f"W{l}"], A) + parameters[f"b{l}"]
        A_in = A
        A, dA_dZ = step(Z, activation) if l < L else (softmax(Z), None)
        history.append((A_in, dA_dZ))
    return A, history


def cross_entropy(Y_hat, Y):
    # avoid log(0)
    return -np.sum(Y * np.log(Y_hat + EPS)) / Y.shape[1]


def model_backward(X, Y, parameters, activation="relu"):
    Y_hat, history = model_forward(X, parameters, activation)
    delta = (Y_hat - Y) / Y.shape[1]
    gradients = {}
    for l in range(len(history), 0, -1):
        A_in, _ = history[l - 1]
        gradients[f"W{l}"] = np.dot(delta, A_in.T)
        gradients[f"b{l}"] = np.sum(delta, axis=1, keepdims=True)
        if l > 1:
            delta = np.dot(parameters[f"W{l}"].T, delta) * history[l - 2][1]
    return gradients
