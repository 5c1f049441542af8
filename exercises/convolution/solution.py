# gradcheck: exercise convolution
"""Convolution as a layer."""

import numpy as np


def conv_forward(x, w, b):
    """out_ifrs = sum_cad x_i,c,r+a,s+d w_fcad + b_f, shape (n, F, P, Q); one pixel of all filters at a time."""
    n, _, H, W = x.shape
    F, _, A, B = w.shape
    P, Q = H - A + 1, W - B + 1
    out = np.zeros((n, F, P, Q)) + b[:, None, None]
    for a in range(A):
        for d in range(B):
            out += np.einsum("icrs,fc->ifrs", x[:, :, a : a + P, d : d + Q], w[:, :, a, d])
    return out


def conv_backward(dout, x, w, b):
    """dx (n, C, H, W), dw (F, C, A, B), db (F,): each pixel of the filters hands back to where it took from."""
    P, Q = dout.shape[2:]
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for a in range(w.shape[2]):
        for d in range(w.shape[3]):
            dx[:, :, a : a + P, d : d + Q] += np.einsum("ifrs,fc->icrs", dout, w[:, :, a, d])
            dw[:, :, a, d] = np.einsum("ifrs,icrs->fc", dout, x[:, :, a : a + P, d : d + Q])
    return dx, dw, dout.sum(axis=(0, 2, 3))
