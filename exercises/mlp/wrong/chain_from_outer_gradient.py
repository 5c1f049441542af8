import numpy as np


def forward_activation(Z, kind):
    if kind == "relu":
        return np.maximum(0, Z)
    if kind == "sigmoid":
        return 1 / (1 + np.exp(-Z))
    E = np.exp(Z - np.max(Z, axis=0))
    return E / np.sum(E, axis=0)


def backward_activation(dA, A, kind):
    if kind == "relu":
        return np.where(A > 0, dA, 0)
    return dA * A * (1 - A)


class Layer:
    def __init__(self, W, b, kind):
        self.W, self.b, self.kind = W, b, kind

    def forward(self, A_prev):
        self.A_prev = A_prev
        self.A = forward_activation(self.W @ A_prev + self.b, self.kind)
        return self.A

    def backward(self, dA):
        dZ = dA if self.kind == "softmax" else backward_activation(dA, self.A, self.kind)
        self.dW = dZ @ self.A_prev.T
        self.db = np.sum(dZ, axis=1, keepdims=True)
        return self.W.T @ dA


def build(parameters, activation):
    L = len(parameters) // 2
    kinds = [activation] * (L - 1) + ["softmax"]
    return [Layer(parameters[f"W{l}"], parameters[f"b{l}"], kind) for l, kind in enumerate(kinds, 1)]


def run(layers, A):
    for layer in layers:
        A = layer.forward(A)
    return A


def model_forward(X, parameters, activation="relu"):
    return run(build(parameters, activation), X)


def cross_entropy(Y_hat, Y):
    return -np.sum(Y * np.log(Y_hat)) / Y.shape[1]


def model_backward(X, Y, parameters, activation="relu"):
    layers = build(parameters, activation)
    d = (run(layers, X) - Y) / Y.shape[1]
    for layer in reversed(layers):
        d = layer.backward(d)
    return {f"{name}{l}": g for l, q in enumerate(layers, 1) for name, g in (("W", q.dW), ("b", q.db))}
