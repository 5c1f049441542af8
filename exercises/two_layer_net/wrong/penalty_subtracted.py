import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    n = X.shape[0]
    h = np.maximum(X @ W1 + b1, 0)
    s = h @ W2 + b2
    p = np.exp(s - s.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)

    log_likelihood = np.log(p[np.arange(n), y]).sum() / n
    penalty = reg * (np.sum(W1**2) + np.sum(W2**2))
    J = -log_likelihood - penalty

    g = p.copy()
    g[np.arange(n), y] -= 1
    g = g / n
    k = g @ W2.T
    k = k * (h > 0)
    return J, {"W1": X.T @ k + 2 * reg * W1, "b1": k.sum(0), "W2": h.T @ g + 2 * reg * W2, "b2": g.sum(0)}
