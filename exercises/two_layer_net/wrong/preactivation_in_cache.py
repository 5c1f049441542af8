import numpy as np


def affine_relu_forward(x, w, b):
    a = x @ w + b
    return np.maximum(a, 0), (x, w, a)


def affine_backward(dout, x, w):
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)


def loss(X, y, W1, b1, W2, b2, reg):
    N = len(X)
    h, cache = affine_relu_forward(X, W1, b1)
    scores = h @ W2 + b2
    shifted = scores - scores.max(axis=1, keepdims=True)
    probs = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    J = -np.log(probs[np.arange(N), y]).mean() + reg * np.sum(W1**2) + reg * np.sum(W2**2)

    dscores = probs.copy()
    dscores[np.arange(N), y] -= 1
    dscores /= N
    x, w1, out = cache
    dh, dW2, db2 = affine_backward(dscores, out, W2)
    dh[out < 0] = 0
    _, dW1, db1 = affine_backward(dh, x, w1)
    return J, {"W1": dW1 + 2 * reg * W1, "b1": db1, "W2": dW2 + 2 * reg * W2, "b2": db2}
