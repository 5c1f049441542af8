import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    # columns are samples, rows are units
    A0 = X.T
    m = A0.shape[1]
    Z1 = W1.T @ A0 + b1.reshape(-1, 1)
    A1 = np.maximum(0, Z1)
    Z2 = W2.T @ A1 + b2.reshape(-1, 1)
    T = np.exp(Z2 - Z2.max(axis=0))
    A2 = T / T.sum(axis=0)
    Y = np.zeros_like(A2)
    Y[y, np.arange(m)] = 1.0

    cost = -(Y * np.log(A2)).sum() / m
    cost += reg * ((W1**2).sum() + (W2**2).sum())

    dZ2 = (A2 - Y) / m
    dZ1 = (W2 @ dZ2) * (A1 > 0)
    grads = {}
    grads["W2"] = (dZ2 @ A1.T + 2 * reg * W2.T).T
    grads["b2"] = dZ2.sum(axis=1)
    grads["W1"] = dZ1 @ A0.T + 2 * reg * W1.T
    grads["b1"] = dZ1.sum(axis=1)
    return cost, grads
