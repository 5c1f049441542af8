import math

import numpy as np


def affine(W, a, b):
    return [sum(W[o][i] * a[i] for i in range(len(a))) + b[o][0] for o in range(len(W))]


def act(z, activation):
    if activation == "relu":
        return [v if v > 0 else 0.0 for v in z]
    return [1 / (1 + math.exp(-v)) for v in z]


def softmax(z):
    top = max(z)
    e = [math.exp(v - top) for v in z]
    return [v / sum(e) for v in e]


def run(x, parameters, activation):
    L = len(parameters) // 2
    a, zs = [list(x)], []
    for l in range(1, L + 1):
        zs.append(affine(parameters[f"W{l}"], a[-1], parameters[f"b{l}"]))
        a.append(softmax(zs[-1]) if l == L else act(zs[-1], activation))
    return a, zs


def model_forward(X, parameters, activation="relu"):
    return np.array([run(x, parameters, activation)[0][-1] for x in X.T]).T


def cross_entropy(Y_hat, Y):
    M, n = Y.shape
    J = 0
    for i in range(n):
        for m in range(M):
            if Y[m, i] == 1:
                J -= math.log(Y_hat[m, i])
    return J / n


def model_backward(X, Y, parameters, activation="relu"):
    L = len(parameters) // 2
    n = X.shape[1]
    grads = {key: np.zeros(value.shape) for key, value in parameters.items()}
    for i in range(n):
        a, zs = run(X[:, i], parameters, activation)
        delta = [a[L][m] - Y[m, i] for m in range(len(a[L]))]
        for l in range(L, 0, -1):
            W = parameters[f"W{l}"]
            for o in range(W.shape[0]):
                for j in range(W.shape[1]):
                    grads[f"W{l}"][o, j] += delta[o] * a[l - 1][j] / n
                grads[f"b{l}"][o, 0] += delta[o] / n
            if l == 1:
                break
            back = [sum(W[o, j] * delta[o] for o in range(W.shape[0])) for j in range(W.shape[1])]
            if activation == "relu":
                delta = [d if z > 0 else 0 for d, z in zip(back, zs[l - 2])]
            else:
                delta = [d * s * (1 - s) for d, s in zip(back, a[l - 1])]
    return grads
