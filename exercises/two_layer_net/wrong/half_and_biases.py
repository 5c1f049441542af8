import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    W = {1: W1, 2: W2}
    b = {1: b1, 2: b2}
    a = {0: X, 1: np.maximum(0, X @ W[1] + b[1])}
    s = a[1] @ W[2] + b[2]
    n = s.shape[0]
    e = np.exp(s - s.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    J = -np.log(p[np.arange(n), y]).sum() / n + reg * sum(np.sum(W[l] ** 2) for l in W)

    d = {2: p.copy()}
    d[2][np.arange(n), y] -= 1
    d[2] /= n
    d[1] = d[2] @ W[2].T * (a[1] > 0)
    grads = {}
    for l in (1, 2):
        grads[f"W{l}"] = a[l - 1].T @ d[l] + reg * W[l]
        grads[f"b{l}"] = d[l].sum(axis=0) + reg * b[l]
    return J, grads
