import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def conv_forward(x, w, b):
    patches = sliding_window_view(x, w.shape[2:], axis=(2, 3))
    return np.einsum("ncpqhw,fchw->nfpq", patches, w) + b[:, None, None]


def conv_backward(dout, x, w, b):
    n, F, P, Q = dout.shape
    _, _, A, B = w.shape
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros_like(b)
    for i in range(n):
        for f in range(F):
            db[f] += dout[i, f].sum()
            for r in range(P):
                for s in range(Q):
                    window = x[i, :, r : r + A, s : s + B]
                    dw[f] += dout[i, f, r, s] * window
                    dx[i, :, r : r + A, s : s + B] = dout[i, f, r, s] * w[f]
    return dx, dw, db
