import numpy as np


def softmax(x):
    x = x - np.max(x, axis=0)
    return np.exp(x) / np.sum(np.exp(x), axis=0)


def loss(X, y, W1, b1, W2, b2, reg):
    n = X.shape[0]
    z1 = X @ W1 + b1
    a1 = np.maximum(0, z1)
    z2 = a1 @ W2 + b2
    a2 = softmax(z2)
    J = np.sum(-np.log(a2[np.arange(n), y])) / n
    J += reg * np.sum(W1**2)
    J += reg * np.sum(W2**2)

    dz2 = a2 * 1.0
    dz2[np.arange(n), y] -= 1.0
    dz2 *= 1 / n
    dz1 = dz2 @ W2.T * (z1 > 0)
    dW2, db2 = a1.T @ dz2 + 2 * reg * W2, np.sum(dz2, axis=0)
    dW1, db1 = X.T @ dz1 + 2 * reg * W1, np.sum(dz1, axis=0)
    return J, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
