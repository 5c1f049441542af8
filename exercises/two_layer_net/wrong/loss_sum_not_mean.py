import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    N = X.shape[0]
    A = np.maximum(0, np.matmul(X, W1) + b1)
    F = np.matmul(A, W2) + b2
    P = np.exp(F - F.max(axis=1, keepdims=True))
    P = P / P.sum(axis=1, keepdims=True)

    # sum of the losses of all samples
    J = np.sum(-np.log(P[np.arange(N), y]))
    J = J + reg * np.sum(W1**2) + reg * np.sum(W2**2)

    G = P
    G[np.arange(N), y] = G[np.arange(N), y] - 1
    dA = np.matmul(G, W2.T)
    dA[A == 0] = 0
    return J, {
        "W1": np.matmul(X.T, dA) + 2 * reg * W1,
        "b1": np.sum(dA, axis=0),
        "W2": np.matmul(A.T, G) + 2 * reg * W2,
        "b2": np.sum(G, axis=0),
    }
