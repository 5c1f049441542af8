import numpy as np


def linear_backward(dZ, cache, lambd):
    A_prev, W, b = cache
    m = A_prev.shape[1]
    dW = 1 / m * np.dot(dZ, A_prev.T) + 2 * lambd / m * W
    db = 1 / m * np.sum(dZ, axis=1, keepdims=True)
    dA_prev = np.dot(W.T, dZ)
    return dA_prev, dW, db


def loss(X, y, W1, b1, W2, b2, reg):
    m = X.shape[0]
    Y = (np.arange(len(b2))[:, None] == y) * 1
    cache1 = (X.T, W1.T, b1[:, None])
    Z1 = np.dot(cache1[1], cache1[0]) + cache1[2]
    cache2 = (np.maximum(0, Z1), W2.T, b2[:, None])
    Z2 = np.dot(cache2[1], cache2[0]) + cache2[2]
    T = np.exp(Z2 - np.max(Z2, axis=0))
    AL = T / np.sum(T, axis=0)
    cost = -1 / m * np.sum(Y * np.log(AL)) + reg * (np.sum(W1**2) + np.sum(W2**2))

    dA1, dW2, db2 = linear_backward(AL - Y, cache2, reg)
    dZ1 = np.array(dA1)
    dZ1[Z1 <= 0] = 0
    _, dW1, db1 = linear_backward(dZ1, cache1, reg)
    return cost, {"W1": dW1.T, "b1": db1[:, 0], "W2": dW2.T, "b2": db2[:, 0]}
