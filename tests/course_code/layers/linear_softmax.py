import numpy as np


def softmax(a):
    """row-wise softmax"""
    a = a - a.max(axis=1, keepdims=True)
    ea = np.exp(a)
    return ea / ea.sum(axis=1, keepdims=True)


def cross_entropy(scores, y):
    p = softmax(scores)
    return -np.mean(np.log(p[np.arange(len(y)), y]))


def softmax_loss_naive(W, X, y, reg):
    loss = 0.0
    dW = np.zeros(W.shape)
    N = X.shape[0]
    for i in range(N):
        s = X[i].dot(W)
        s -= s.max()
        p = np.exp(s) / np.exp(s).sum()
        loss += -np.log(p[y[i]])
        p[y[i]] -= 1
        for c in range(W.shape[1]):
            dW[:, c] += p[c] * X[i]
    loss = loss / N + reg * (W ** 2).sum()
    dW = dW / N + 2 * reg * W
    return loss, dW


def softmax_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    probs = softmax(X.dot(W))
    loss = cross_entropy(probs, y) + reg * np.sum(W * W)

    d = probs
    d[np.arange(N), y] -= 1
    dW = X.T.dot(d) / N + 2 * reg * W
    return loss, dW
