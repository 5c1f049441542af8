import numpy as np


def loss(X, y, W1, b1, W2, b2, lam):
    N = X.shape[0]

    # forward pass
    z2 = np.dot(X, W1) + b1
    a2 = np.maximum(z2, 0)
    z3 = np.dot(a2, W2) + b2
    a3 = np.exp(z3 - np.max(z3, axis=1, keepdims=True))
    a3 = a3 / np.sum(a3, axis=1, keepdims=True)

    # J = 1/N sum -log(a3) + lambda (|W1|^2 + |W2|^2)
    J = 1 / N * np.sum(-np.log(a3[range(N), y])) + lam * np.sum(W1**2) + np.sum(W2**2)

    # backward pass
    delta = np.zeros(a3.shape)
    delta[range(N), y] = 1
    dz3 = 1 / N * (a3 - delta)
    dW2 = np.dot(a2.T, dz3) + 2 * lam * W2
    db2 = np.sum(dz3, axis=0)
    dz2 = np.dot(dz3, W2.T) * (z2 > 0)
    dW1 = np.dot(X.T, dz2) + 2 * lam * W1
    db1 = np.sum(dz2, axis=0)
    return J, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
