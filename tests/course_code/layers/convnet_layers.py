import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    """
    A naive implementation of the forward pass for a convolutional layer.
    out: (N, F, H', W'), H' = 1 + (H + 2 * pad - HH) / stride
    """
    P = conv_param['pad']
    S = conv_param['stride']
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)), 'constant', constant_values=0)
    Hn = int(1 + (H + 2 * P - HH) / S)
    Wn = int(1 + (W + 2 * P - WW) / S)
    out = np.zeros((N, F, Hn, Wn))
    for i in range(N):
        for z in range(F):
            for j in range(Hn):
                for k in range(Wn):
                    out[i, z, j, k] = np.sum(xp[i, :, j*S:j*S+HH, k*S:k*S+WW] * w[z, :, :, :])
            out[i, z] += b[z]
    cache = (x, w, b, conv_param)
    return out, cache


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    P = conv_param['pad']
    S = conv_param['stride']
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    N, F, Hn, Wn = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)), 'constant', constant_values=0)

    # db
    db = np.zeros(F)
    for f in range(F):
        db[f] = np.sum(dout[:, f, :, :])

    # dw
    dw = np.zeros(w.shape)
    for f in range(F):
        for c in range(C):
            for j in range(HH):
                for k in range(WW):
                    dw[f, c, j, k] = np.sum(dout[:, f, :, :] * xp[:, c, j:j+Hn*S:S, k:k+Wn*S:S])

    # dx
    dxp = np.zeros(xp.shape)
    for i in range(N):
        for j in range(Hn):
            for k in range(Wn):
                for f in range(F):
                    dxp[i, :, j*S:j*S+HH, k*S:k*S+WW] = w[f] * dout[i, f, j, k]
    dx = dxp[:, :, P:P+H, P:P+W]
    return dx, dw, db


def max_pool_forward_naive(x, pool_param):
    N, C, H, W = x.shape
    S = pool_param['stride']
    PH = pool_param['pool_height']
    PW = pool_param['pool_width']
    H1 = int((H - PH) / S + 1)
    W1 = int((W - PW) / S + 1)
    out = np.zeros((N, C, H1, W1))
    for n in range(N):
        for c in range(C):
            for i in range(H1):
                for j in range(W1):
                    out[n, c, i, j] = x[n, c, i*S:i*S+PH, j*S:j*S+PW].max()
    return out, (x, pool_param)


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    S = pool_param['stride']
    PH = pool_param['pool_height']
    PW = pool_param['pool_width']
    dx = np.zeros_like(x)
    N, C, H1, W1 = dout.shape
    for n in range(N):
        for c in range(C):
            for i in range(H1):
                for j in range(W1):
                    win = x[n, c, i*S:i*S+PH, j*S:j*S+PW]
                    r, q = np.unravel_index(np.argmax(win), win.shape)
                    dx[n, c, i*S + r, j*S + q] += dout[n, c, i, j]
    return dx
