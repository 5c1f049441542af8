import numpy as np


def softmax(a):
    e = np.exp(a - np.max(a, axis=0))
    return e / np.sum(e, axis=0)


def h(a, kind):
    if kind == "relu":
        return a.clip(0)
    return 1 / (1 + np.exp(-a))


def hp(y, kind):
    if kind == "relu":
        return (y > 0).astype(int)
    return y * (1 - y)


def feed(X, P, kind):
    K = len(P) // 2
    ys = [X]
    for k in range(1, K):
        ys.append(h(P[f"W{k}"] @ ys[-1] + P[f"b{k}"], kind))
    return ys, softmax(P[f"W{K}"] @ ys[-1] + P[f"b{K}"])


def model_forward(X, parameters, activation="relu"):
    return feed(X, parameters, activation)[1]


def cross_entropy(Y_hat, Y):
    return np.mean(-np.log(Y_hat[Y == 1]))


def model_backward(X, Y, parameters, activation="relu"):
    ys, p = feed(X, parameters, activation)
    d = Y - p
    g = {}
    for k in range(len(ys), 0, -1):
        g[f"dW{k}"] = d @ ys[k - 1].T
        g[f"db{k}"] = d @ np.ones((len(X[0]), 1))
        d = (parameters[f"W{k}"].T @ d) * hp(ys[k - 1], activation)
    return g
