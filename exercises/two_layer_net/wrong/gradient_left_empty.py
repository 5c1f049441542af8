import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    N = X.shape[0]
    grads = {"W1": None, "b1": None, "W2": None, "b2": None}

    h = np.maximum(0, X @ W1 + b1)
    scores = h @ W2 + b2
    scores -= scores.max(axis=1, keepdims=True)
    probs = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    J = -np.log(probs[np.arange(N), y]).mean() + reg * (np.sum(W1 * W1) + np.sum(W2 * W2))

    probs[np.arange(N), y] -= 1
    probs /= N
    grads["W2"] = h.T @ probs + 2 * reg * W2
    grads["b2"] = probs.sum(axis=0)
    dh = probs @ W2.T * (h > 0)
    grads["W1"] = X.T @ dh + 2 * reg * W1
    return J, grads
