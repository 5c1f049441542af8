import numpy as np


def conv_forward(x, w, b):
    n, C, H, W = x.shape
    F, _, A, B = w.shape
    out = np.zeros((n, F, H - A + 1, W - B + 1))
    for r in range(out.shape[2]):
        for s in range(out.shape[3]):
            for f in range(F):
                for c in range(C):
                    out[:, f, r, s] = (x[:, c, r : r + A, s : s + B] * w[f, c]).sum(axis=(1, 2)) + b[f]
    return out


def conv_backward(dout, x, w, b):
    P, Q = dout.shape[2:]
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for a in range(w.shape[2]):
        for d in range(w.shape[3]):
            dx[:, :, a : a + P, d : d + Q] += np.einsum("ifrs,fc->icrs", dout, w[:, :, a, d])
            dw[:, :, a, d] = np.einsum("ifrs,icrs->fc", dout, x[:, :, a : a + P, d : d + Q])
    return dx, dw, dout.sum(axis=(0, 2, 3))
