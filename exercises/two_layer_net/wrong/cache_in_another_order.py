import numpy as np


def affine_forward(x, w, b):
    out = x.dot(w) + b
    cache = (x, w, b)
    return out, cache


def affine_backward(dout, cache):
    w, x, b = cache
    dx = dout.dot(w.T)
    dw = x.T.dot(dout)
    db = np.sum(dout, axis=0)
    return dx, dw, db


def softmax_loss(x, y):
    p = np.exp(x - np.max(x, axis=1, keepdims=True))
    p /= np.sum(p, axis=1, keepdims=True)
    N = x.shape[0]
    J = -np.sum(np.log(p[np.arange(N), y])) / N
    p[np.arange(N), y] -= 1
    return J, p / N


def loss(X, y, W1, b1, W2, b2, reg):
    out1, cache1 = affine_forward(X, W1, b1)
    scores, cache2 = affine_forward(np.maximum(0, out1), W2, b2)
    J, dscores = softmax_loss(scores, y)
    J += reg * (np.sum(W1 * W1) + np.sum(W2 * W2))

    dh, dW2, db2 = affine_backward(dscores, cache2)
    dh[out1 <= 0] = 0
    dX, dW1, db1 = affine_backward(dh, cache1)
    grads = {"W1": dW1 + 2 * reg * W1, "b1": db1, "W2": dW2 + 2 * reg * W2, "b2": db2}
    return J, grads
