import numpy as np


def penalty(W, reg):
    return reg * np.sum(W * W)


def loss(X, y, W1, b1, W2, b2, reg):
    n = len(X)
    h = np.maximum(X @ W1 + b1, 0)
    s = h @ W2 + b2
    top = s.max(axis=1, keepdims=True)
    logp = s - top - np.log(np.exp(s - top).sum(axis=1, keepdims=True))
    J = -logp[np.arange(n), y].sum() / n + penalty(W1, reg) + penalty(W2, reg)

    ds = np.exp(logp)
    ds[np.arange(n), y] -= 1
    ds = ds / n
    dh = np.where(h > 0, ds @ W2.T, 0)
    grads = {"W1": X.T @ dh, "b1": dh.sum(axis=0), "W2": h.T @ ds, "b2": ds.sum(axis=0)}
    for key, W in {"W1": W1, "W2": W2}.items():
        grads[key] += penalty(W, reg)
    return J, grads
