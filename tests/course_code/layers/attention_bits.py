import numpy as np


def softmax_forward(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    return p, p


def softmax_backward(dout, cache):
    """full jacobian, row after row (slow but I understand it)"""
    p = cache
    shape = p.shape
    p2 = p.reshape(-1, shape[-1])
    d2 = dout.reshape(-1, shape[-1])
    dx = np.zeros_like(p2)
    for i in range(p2.shape[0]):
        s = p2[i].reshape(-1, 1)
        J = np.diagflat(s) - s.dot(s.T)
        dx[i] = J.dot(d2[i])
    return dx.reshape(shape)


def log_softmax_forward(x):
    m = x.max(axis=1, keepdims=True)
    out = x - m - np.log(np.exp(x - m).sum(axis=1, keepdims=True))
    return out, out


def log_softmax_backward(dout, cache):
    return dout - np.exp(cache) * dout.sum(axis=1, keepdims=True)


def attention_forward(q, k, v):
    """single head. q (N, Tq, D), k (N, Tk, D), v (N, Tk, E)"""
    d = q.shape[-1]
    s = np.matmul(q, k.transpose(0, 2, 1)) / np.sqrt(d)
    a, sm = softmax_forward(s)
    out = np.matmul(a, v)
    return out, (q, k, v, a, sm)


def attention_backward(dout, cache):
    q, k, v, a, sm = cache
    dv = np.matmul(a.transpose(0, 2, 1), dout)
    da = np.matmul(dout, v.transpose(0, 2, 1))
    ds = softmax_backward(da, sm) / np.sqrt(q.shape[-1])
    dq = np.matmul(ds, k)
    dk = np.matmul(ds.transpose(0, 2, 1), q)
    return dq, dk, dv


def temporal_softmax_loss(x, y, mask, verbose=False):
    """
    x: (N, T, V), y: (N, T), mask: (N, T) boolean.
    Summed over time, averaged over the minibatch.
    """
    N, T, V = x.shape
    xf = x.reshape(N * T, V)
    yf = y.reshape(N * T)
    mf = mask.reshape(N * T)
    p = np.exp(xf - np.max(xf, axis=1, keepdims=True))
    p /= np.sum(p, axis=1, keepdims=True)
    loss = -np.sum(mf * np.log(p[np.arange(N * T), yf])) / N
    dxf = p.copy()
    dxf[np.arange(N * T), yf] -= 1
    dxf /= N
    dxf *= mf[:, None]
    if verbose:
        print('dx_flat: ', dxf.shape)
    return loss, dxf.reshape(N, T, V)
