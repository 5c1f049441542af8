import numpy as np


def affine_backward(dout, x, w, reg):
    return dout @ w.T, x.T @ dout + 2 * reg * w, dout.sum(axis=0)


def affine_relu_backward(dout, x, h, w, reg):
    return affine_backward(dout * (h > 0), x, w, reg)


def loss(X, y, W1, b1, W2, b2, reg):
    rows = np.arange(len(y))
    h = np.maximum(X @ W1 + b1, 0)
    s = h @ W2 + b2
    s = s - s.max(axis=1, keepdims=True)
    log_normaliser = np.log(np.exp(s).sum(axis=1, keepdims=True))
    J = (log_normaliser[:, 0] - s[rows, y]).mean()

    ds = np.exp(s - log_normaliser)
    ds[rows, y] -= 1
    ds /= len(y)
    dh, dW2, db2 = affine_backward(ds, h, W2, reg)
    _, dW1, db1 = affine_relu_backward(dh, X, h, W1, reg)

    # regularisation
    J += reg * np.sum(W1**2)
    J += reg * np.sum(W2**2)
    dW2 += 2 * reg * W2
    return J, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
