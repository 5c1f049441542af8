import numpy as np


def conv_forward(x, w, b):
    n, C, H, W = x.shape
    F, _, A, B = w.shape
    out = np.zeros((n, F, H - A, W - B))
    for r in range(H - A):
        for s in range(W - B):
            out[:, :, r, s] = np.einsum("icad,fcad->if", x[:, :, r : r + A, s : s + B], w) + b
    return out


def conv_backward(dout, x, w, b):
    P, Q = dout.shape[2:]
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for a in range(w.shape[2]):
        for d in range(w.shape[3]):
            dx[:, :, a : a + P, d : d + Q] += np.einsum("ifrs,fc->icrs", dout, w[:, :, a, d])
            dw[:, :, a, d] = np.einsum("ifrs,icrs->fc", dout, x[:, :, a : a + P, d : d + Q])
    return dx, dw, dout.sum(axis=(0, 2, 3))
