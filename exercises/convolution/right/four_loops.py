import numpy as np


def conv_forward(x, w, b):
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    H_out = 1 + (H - HH)
    W_out = 1 + (W - WW)
    out = np.zeros((N, F, H_out, W_out))
    for i in range(N):
        for f in range(F):
            for h in range(H_out):
                for v in range(W_out):
                    out[i, f, h, v] = np.sum(x[i, :, h : h + HH, v : v + WW] * w[f]) + b[f]
    return out


def conv_backward(dout, x, w, b):
    N, F, H_out, W_out = dout.shape
    _, _, HH, WW = w.shape
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros_like(b)
    for i in range(N):
        for f in range(F):
            for h in range(H_out):
                for v in range(W_out):
                    grad = dout[i, f, h, v]
                    db[f] += grad
                    dw[f] += x[i, :, h : h + HH, v : v + WW] * grad
                    dx[i, :, h : h + HH, v : v + WW] += w[f] * grad
    return dx, dw, db
