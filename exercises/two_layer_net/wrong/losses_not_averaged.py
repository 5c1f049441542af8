import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    n = X.shape[0]
    h1 = X.dot(W1) + b1
    h2 = np.maximum(h1, 0)
    h3 = h2.dot(W2) + b2
    h3 = h3 - np.amax(h3, axis=1)[:, None]
    softmax = np.exp(h3) / np.sum(np.exp(h3), axis=1)[:, None]

    losses = -np.log(softmax[np.arange(n), y])
    penalty = reg * (np.sum(W1**2) + np.sum(W2**2))

    dh3 = softmax
    dh3[np.arange(n), y] -= 1
    dh3 /= n
    dh2 = dh3.dot(W2.T)
    dh1 = dh2 * (h1 > 0)
    gradient = {}
    gradient["W1"], gradient["b1"] = X.T.dot(dh1) + 2 * reg * W1, dh1.sum(axis=0)
    gradient["W2"], gradient["b2"] = h2.T.dot(dh3) + 2 * reg * W2, dh3.sum(axis=0)
    return losses + penalty, gradient
