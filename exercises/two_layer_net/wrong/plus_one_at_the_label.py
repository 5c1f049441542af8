import numpy as np


def softmax(x):
    x = x - np.max(x, axis=1, keepdims=True)
    return np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)


def loss(X, y, W1, b1, W2, b2, reg):
    N = X.shape[0]
    pre = np.matmul(X, W1) + b1
    hid = np.maximum(pre, 0)
    out = softmax(np.matmul(hid, W2) + b2)
    total = np.sum(-np.log(out[np.arange(N), y])) / N
    total = total + reg * np.sum(np.power(W1, 2)) + reg * np.sum(np.power(W2, 2))

    err = out / N
    np.add.at(err, (np.arange(N), y), 1 / N)
    back = np.matmul(err, W2.T)
    back = np.where(pre > 0, back, 0)
    grads = {
        "W2": np.matmul(hid.T, err) + 2 * reg * W2,
        "b2": err.sum(axis=0),
        "W1": np.matmul(X.T, back) + 2 * reg * W1,
        "b1": back.sum(axis=0),
    }
    return total, grads
