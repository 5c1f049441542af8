import numpy as np


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def loss(X, y, W1, b1, W2, b2, reg):
    n = X.shape[0]
    z2 = X @ W1 + b1
    a2 = np.maximum(z2, 0)
    z3 = a2 @ W2 + b2
    a3 = softmax(z3)
    Y = np.eye(a3.shape[1])[y]

    J = np.sum(-np.log(a3) * Y) / n
    J += reg * (np.sum(W1**2) + np.sum(W2**2))

    # dJ/dz3 = dJ/da3 * da3/dz3
    dJ_da3 = -Y / a3 / n
    da3_dz3 = a3 * (1 - a3)
    d3 = dJ_da3 * da3_dz3
    d2 = d3 @ W2.T
    d2[z2 < 0] = 0
    return J, {
        "W1": X.T @ d2 + 2 * reg * W1,
        "b1": d2.sum(axis=0),
        "W2": a2.T @ d3 + 2 * reg * W2,
        "b2": d3.sum(axis=0),
    }
