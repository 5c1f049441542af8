"""Gradients come back in the order W1, b1, W2, b2; samples are columns inside."""
import numpy as np


def lse(S):
    return np.logaddexp.reduce(S, axis=0)


def loss(X, y, W1, b1, W2, b2, reg):
    x = X.T
    n = x.shape[1]
    z1 = W1.T @ x + b1[:, None]
    a1 = np.where(z1 > 0, z1, 0)
    z2 = W2.T @ a1 + b2[:, None]
    target = (np.arange(len(b2))[:, None] == y[None, :]).astype(int)

    penalty = reg * (np.vdot(W1, W1) + np.vdot(W2, W2))
    J = np.sum(lse(z2) - np.sum(target * z2, axis=0)) / n + penalty

    delta2 = (np.exp(z2 - lse(z2)) - target) / n
    delta1 = W2 @ delta2
    delta1 *= z1 > 0
    dW1 = (delta1 @ x.T).T + reg * W1 + reg * W1
    dW2 = (delta2 @ a1.T).T + reg * W2 + reg * W2
    return J, (dW1, np.sum(delta1, axis=1), dW2, np.sum(delta2, axis=1))
