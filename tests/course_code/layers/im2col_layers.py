import numpy as np
from time import time

t0 = time()


def get_indices(x_shape, fh, fw, pad, stride):
    N, C, H, W = x_shape
    oh = (H + 2 * pad - fh) // stride + 1
    ow = (W + 2 * pad - fw) // stride + 1
    i0 = np.tile(np.repeat(np.arange(fh), fw), C)
    i1 = stride * np.repeat(np.arange(oh), ow)
    j0 = np.tile(np.arange(fw), fh * C)
    j1 = stride * np.tile(np.arange(ow), oh)
    i = i0[:, None] + i1[None, :]
    j = j0[:, None] + j1[None, :]
    k = np.repeat(np.arange(C), fh * fw)[:, None]
    return k, i, j, oh, ow


def im2col(x, fh, fw, pad, stride):
    xp = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)], 'constant')
    k, i, j, oh, ow = get_indices(x.shape, fh, fw, pad, stride)
    cols = xp[:, k, i, j]                   # N, C*fh*fw, oh*ow
    cols = cols.transpose(1, 2, 0).reshape(fh * fw * x.shape[1], -1)
    return cols, oh, ow


def col2im(cols, x_shape, fh, fw, pad, stride):
    N, C, H, W = x_shape
    xp = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=cols.dtype)
    k, i, j, oh, ow = get_indices(x_shape, fh, fw, pad, stride)
    c = cols.reshape(C * fh * fw, -1, N).transpose(2, 0, 1)
    np.add.at(xp, (slice(None), k, i, j), c)
    if pad == 0:
        return xp
    return xp[:, :, pad:-pad, pad:-pad]


def conv_forward_im2col(x, w, b, conv_param):
    s, p = conv_param['stride'], conv_param['pad']
    F, C, fh, fw = w.shape
    cols, oh, ow = im2col(x, fh, fw, p, s)
    res = w.reshape(F, -1).dot(cols) + b.reshape(-1, 1)
    out = res.reshape(F, oh, ow, x.shape[0]).transpose(3, 0, 1, 2)
    return out, (x, w, b, conv_param, cols)


def conv_backward_im2col(dout, cache):
    x, w, b, conv_param, cols = cache
    s, p = conv_param['stride'], conv_param['pad']
    F, _, fh, fw = w.shape
    db = np.sum(dout, axis=(0, 2, 3))
    d = dout.transpose(1, 2, 3, 0).reshape(F, -1)
    dw = d.dot(cols.T).reshape(w.shape)
    dcols = w.reshape(F, -1).T.dot(d)
    dx = col2im(dcols, x.shape, fh, fw, p, s)
    return dx, dw, db


def avg_pool_forward(x, pool_param):
    ph, pw = pool_param['pool_height'], pool_param['pool_width']
    s = pool_param['stride']
    N, C, H, W = x.shape
    cols, oh, ow = im2col(x.reshape(N * C, 1, H, W), ph, pw, 0, s)
    out = cols.mean(axis=0).reshape(oh, ow, N, C).transpose(2, 3, 0, 1)
    return out, (x.shape, pool_param)


def avg_pool_backward(dout, cache):
    (N, C, H, W), pool_param = cache
    ph, pw = pool_param['pool_height'], pool_param['pool_width']
    s = pool_param['stride']
    d = dout.transpose(2, 3, 0, 1).flatten() / (ph * pw)
    dcols = np.repeat(d[None, :], ph * pw, axis=0)
    return col2im(dcols, (N * C, 1, H, W), ph, pw, 0, s).reshape(N, C, H, W)
