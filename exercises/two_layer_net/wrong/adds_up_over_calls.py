import numpy as np

J = 0


def loss(X, y, W1, b1, W2, b2, reg):
    global J
    n = X.shape[0]
    hidden = np.maximum(X @ W1 + b1, 0)
    scores = hidden @ W2 + b2
    scores = scores - scores.max(axis=1, keepdims=True)
    logp = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    for i in range(n):
        J -= logp[i, y[i]] / n
    J += reg * (np.sum(W1**2) + np.sum(W2**2))

    d = np.exp(logp) / n
    d[np.arange(n), y] -= 1 / n
    dh = d @ W2.T * (hidden > 0)

    grads = {}
    grads["W1"] = X.T @ dh + 2 * reg * W1
    grads["W2"] = hidden.T @ d + 2 * reg * W2
    grads["b1"] = dh.sum(axis=0)
    grads["b2"] = d.sum(axis=0)
    return J, grads
