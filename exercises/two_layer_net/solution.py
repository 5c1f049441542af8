# gradcheck: exercise two-layer-net
"""Two-layer relu network with softmax loss and L2."""

import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    """J and its gradients by W1, b1, W2 and b2."""
    n = len(X)
    rows = np.arange(n)

    H = np.maximum(X @ W1 + b1, 0)
    S = H @ W2 + b2
    S = S - S.max(axis=1, keepdims=True)
    log_probs = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
    J = -log_probs[rows, y].mean() + reg * (np.sum(W1**2) + np.sum(W2**2))

    dS = np.exp(log_probs)
    dS[rows, y] -= 1
    dS /= n
    dH = (dS @ W2.T) * (H > 0)
    grads = {
        "W1": X.T @ dH + 2 * reg * W1,
        "b1": dH.sum(axis=0),
        "W2": H.T @ dS + 2 * reg * W2,
        "b2": dS.sum(axis=0),
    }
    return J, grads
