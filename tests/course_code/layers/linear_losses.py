import numpy as np


def softmax(Z):
    Z = Z - np.max(Z, axis=1, keepdims=True)
    E = np.exp(Z)
    return E / np.sum(E, axis=1, keepdims=True)


def softmax_loss_and_gradient(X, y, W, b, regularization_strength=0.0):
    """
    Computes loss and gradients of a linear softmax classifier.

    X: (n, d) images, y: (n,) labels, W: (d, c), b: (c,)
    Returns: loss, dW, db
    """
    n = X.shape[0]
    P = softmax(X @ W + b)
    loss = -np.log(P[np.arange(n), y]).mean()
    loss += regularization_strength * np.sum(W ** 2)

    G = P.copy()
    G[np.arange(n), y] -= 1
    G /= n
    dW = X.T @ G + 2 * regularization_strength * W
    db = G.sum(axis=0) + 2 * regularization_strength * b
    return loss, dW, db


def svm_loss_and_gradient(X, y, W, b, regularization_strength=0.0):
    n = X.shape[0]
    scores = X @ W + b
    M = np.maximum(0, 1 + scores - scores[np.arange(n), y][:, np.newaxis])
    M[np.arange(n), y] = 0
    loss = M.sum() / n
    loss += regularization_strength * np.sum(W ** 2)

    G = (M > 0) * 1.0
    G[np.arange(n), y] = -G.sum(axis=1)
    G /= n
    dW = X.T @ G + 2 * regularization_strength * W
    db = G.sum(axis=0)
    return loss, dW, db
