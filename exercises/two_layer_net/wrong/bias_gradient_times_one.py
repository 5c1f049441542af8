import numpy as np


def weight_gradient(a, delta):
    return np.dot(a.T, delta)


def bias_gradient(delta):
    # z = a W + b, so dz/db = 1
    return delta * 1


def loss(X, y, W1, b1, W2, b2, reg):
    N = X.shape[0]
    a1 = X
    z2 = np.dot(a1, W1) + b1
    a2 = np.maximum(z2, 0)
    z3 = np.dot(a2, W2) + b2
    psi = np.exp(z3 - z3.max(axis=1, keepdims=True))
    psi = psi / np.sum(psi, axis=1, keepdims=True)
    Delta = np.zeros(psi.shape)
    Delta[np.arange(N), y] = 1

    J = 1 / N * np.sum(-np.log(psi[np.arange(N), y])) + reg * (np.sum(W1**2) + np.sum(W2**2))

    d3 = 1 / N * (psi - Delta)
    d2 = np.dot(d3, W2.T) * (z2 > 0)
    grads = {
        "W1": weight_gradient(a1, d2) + 2 * reg * W1,
        "b1": bias_gradient(d2),
        "W2": weight_gradient(a2, d3) + 2 * reg * W2,
        "b2": bias_gradient(d3),
    }
    return J, grads
