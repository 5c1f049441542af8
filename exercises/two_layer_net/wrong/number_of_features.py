import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    N, D = X.shape
    H = np.maximum(X @ W1 + b1, 0)
    F = H @ W2 + b2
    F -= F.max(axis=1, keepdims=True)
    L = np.log(np.exp(F).sum(axis=1)) - F[np.arange(N), y]
    J = L.sum() / N + reg * (W1.ravel() @ W1.ravel() + W2.ravel() @ W2.ravel())

    G = np.exp(F) / np.exp(F).sum(axis=1, keepdims=True)
    G[np.arange(N), y] -= 1
    G *= 1 / D
    B = (G @ W2.T) * np.sign(H)
    return J, {
        "W1": X.T @ B + 2 * reg * W1,
        "b1": B.T @ np.ones(N),
        "W2": H.T @ G + 2 * reg * W2,
        "b2": G.T @ np.ones(N),
    }
