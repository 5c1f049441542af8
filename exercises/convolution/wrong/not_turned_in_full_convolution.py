import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def conv_forward(x, w, b):
    patches = sliding_window_view(x, w.shape[2:], axis=(2, 3))
    return np.einsum("ncpqhw,fchw->nfpq", patches, w) + b[:, None, None]


def conv_backward(dout, x, w, b):
    kh, kw = w.shape[2:]
    patches = sliding_window_view(x, (kh, kw), axis=(2, 3))
    dw = np.einsum("nfpq,ncpqhw->fchw", dout, patches)
    padded = np.pad(dout, ((0, 0), (0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1)))
    dx = np.einsum("nfpqhw,fchw->ncpq", sliding_window_view(padded, (kh, kw), axis=(2, 3)), w)
    return dx, dw, dout.sum(axis=(0, 2, 3))
