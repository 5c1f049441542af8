import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def conv_forward(x, w, b):
    patches = sliding_window_view(x, w.shape[2:], axis=(2, 3))
    return np.einsum("ncpqhw,fchw->nfpq", patches, w) + b[:, None, None]


def conv_backward(dout, x, w, b):
    P, Q = dout.shape[2:]
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for a in range(w.shape[2]):
        for d in range(w.shape[3]):
            dx[:, :, a : a + P, d : d + Q] += np.einsum("ifrs,fc->icrs", dout, w[:, :, a, d])
            dw[:, :, a, d] = np.einsum("ifrs,icrs->fc", dout, x[:, :, a : a + P, d : d + Q])
    db = dout.sum(axis=(1, 2, 3))
    return dx, dw, db
