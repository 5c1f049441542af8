import numpy as np


def softmax_loss(scores, y):
    n = scores.shape[0]
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    value = -np.log(p[np.arange(n), y]).sum() / n
    dscores = p.copy()
    dscores[np.arange(n), y] -= 1
    return value, dscores / n


LAMBDA_FACTOR = 0.5


def loss(X, y, W1, b1, W2, b2, reg):
    reg = LAMBDA_FACTOR * reg
    h = np.maximum(X @ W1 + b1, 0)
    data_loss, dscores = softmax_loss(h @ W2 + b2, y)
    J = data_loss + reg * np.sum(W1**2) + reg * np.sum(W2**2)

    dh = dscores @ W2.T * (h > 0)
    dW2 = h.T @ dscores + 2 * reg * W2
    dW1 = X.T @ dh + 2 * reg * W1
    return J, dict(W1=dW1, b1=dh.sum(axis=0), W2=dW2, b2=dscores.sum(axis=0))
