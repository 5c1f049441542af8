import numpy as np


def im2col(x, A, B):
    n, C, H, W = x.shape
    P, Q = H - A + 1, W - B + 1
    cols = np.empty((n, P * Q, C * A * B))
    for r in range(P):
        for s in range(Q):
            cols[:, r * Q + s] = x[:, :, r : r + A, s : s + B].reshape(n, -1)
    return cols


def col2im(cols, shape, A, B):
    n, C, H, W = shape
    x = np.zeros(shape)
    Q = W - B + 1
    for place in range(cols.shape[1]):
        r, s = divmod(place, Q)
        x[:, :, r : r + A, s : s + B] += cols[:, place].reshape(n, C, A, B)
    return x


def conv_forward(x, w, b):
    F, C, A, B = w.shape
    n, _, H, W = x.shape
    out = im2col(x, A, B) @ w.reshape(F, -1).T + b
    return out.transpose(0, 2, 1).reshape(n, F, H - A + 1, W - B + 1)


def conv_backward(dout, x, w, b):
    F, C, A, B = w.shape
    n = len(x)
    d = dout.reshape(n, F, -1).transpose(0, 2, 1)
    dw = sum(d[i].T @ im2col(x, A, B)[i] for i in range(n)).reshape(w.shape)
    dx = col2im(d @ w.reshape(F, -1), x.shape, A, B)
    return dx, dw, d.sum(axis=(0, 1))
