import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    n, _ = X.shape
    h = np.maximum(0, np.einsum("ij,jk->ik", X, W1) + b1)
    s = np.einsum("ik,km->im", h, W2) + b2
    s -= s.max(axis=1, keepdims=True)
    logZ = np.log(np.exp(s).sum(axis=1, keepdims=True))
    J = np.mean(logZ[:, 0] - s[np.arange(n), y])
    J = J + reg * (np.einsum("jk,jk->", W1, W1) + np.einsum("km,km->", W2, W2))

    ds = np.exp(s - logZ)
    ds[np.arange(n), y] -= 1
    ds /= n
    dh = np.einsum("im,km->ik", ds, W2)
    dh = np.maximum(dh, 0)
    grads = {
        "W1": np.einsum("ij,ik->jk", X, dh) + 2 * reg * W1,
        "b1": np.einsum("ik->k", dh),
        "W2": np.einsum("ik,im->km", h, ds) + 2 * reg * W2,
        "b2": np.einsum("im->m", ds),
    }
    return J, grads
