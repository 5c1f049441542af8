import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    N = X.shape[0]
    z = X @ W1 + b1
    a = z * (z > 0)
    s = a @ W2 + b2
    p = np.exp(s - s.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    J = -np.log(p[np.arange(N), y]).sum() / N + reg * ((W1 * W1).sum() + (W2 * W2).sum())

    p[np.arange(N), y] -= 1
    p /= N
    dW2 = a.T @ p + 2 * reg * W2
    db2 = p.sum(0)
    da = p @ W2.T
    dz = da * (z > 0)
    dW1 = X.T @ dz + 2 * reg * W1
    db1 = dz.sum(1)
    return J, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
