from math import exp

import numpy as np


def sgd_update(w, dw, alpha):
    return np.array([wi - alpha * gi for wi, gi in zip(w.ravel(), dw.ravel())]).reshape(w.shape)


def momentum_update(w, dw, v, alpha, momentum):
    new_v = np.empty(w.shape)
    new_w = np.empty(w.shape)
    for index in np.ndindex(w.shape):
        new_v[index] = momentum * v[index] - alpha * dw[index]
        new_w[index] = w[index] + new_v[index]
    return new_w, new_v


def backward_update(X, Y, W1, W2, alpha):
    n, p = X.shape
    H, M = W2.shape
    new_W1, new_W2 = W1 + 0.0, W2 + 0.0
    for i in range(n):
        a = [1 / (1 + exp(-sum(X[i, j] * W1[j, k] for j in range(p)))) for k in range(H)]
        e = [exp(sum(a[k] * W2[k, m] for k in range(H))) for m in range(M)]
        d2 = [e[m] / sum(e) - Y[i, m] for m in range(M)]
        d1 = [a[k] * (1 - a[k]) * sum(W2[k, m] * d2[m] for m in range(M)) for k in range(H)]
        # the sums use W1 and W2, the updates go to the new arrays
        for k in range(H):
            for m in range(M):
                new_W2[k, m] -= alpha * a[k] * d2[m] / n
            for j in range(p):
                new_W1[j, k] -= alpha * X[i, j] * d1[k] / n
    return new_W1, new_W2
