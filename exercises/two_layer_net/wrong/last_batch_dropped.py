import numpy as np

BATCH = 2


def batch_gradients(X, y, W1, b1, W2, b2):
    h = np.maximum(X @ W1 + b1, 0)
    p = np.exp(h @ W2 + b2)
    p /= p.sum(axis=1, keepdims=True)
    value = -np.log(p[np.arange(len(y)), y]).sum()
    p[np.arange(len(y)), y] -= 1
    dh = p @ W2.T * (h > 0)
    return value, X.T @ dh, dh.sum(axis=0), h.T @ p, p.sum(axis=0)


def loss(X, y, W1, b1, W2, b2, reg):
    J, dW1, db1, dW2, db2 = 0, 0, 0, 0, 0
    for k in range(len(X) // BATCH):
        rows = slice(BATCH * k, BATCH * (k + 1))
        v, gW1, gb1, gW2, gb2 = batch_gradients(X[rows], y[rows], W1, b1, W2, b2)
        J, dW1, db1, dW2, db2 = J + v, dW1 + gW1, db1 + gb1, dW2 + gW2, db2 + gb2
    n = len(X)
    J = J / n + reg * (np.sum(W1**2) + np.sum(W2**2))
    dW1 = dW1 / n + 2 * reg * W1
    dW2 = dW2 / n + 2 * reg * W2
    return J, {"W1": dW1, "b1": db1 / n, "W2": dW2, "b2": db2 / n}
