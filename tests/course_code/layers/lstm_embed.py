import numpy as np

def sigmoid(x):
    return 1. / (1 + np.exp(-x))

def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    N, H = prev_h.shape
    a = x.dot(Wx) + prev_h.dot(Wh) + b
    i = sigmoid(a[:, :H])
    f = sigmoid(a[:, H:2*H])
    o = sigmoid(a[:, 2*H:3*H])
    g = np.tanh(a[:, 3*H:])
    next_c = f * prev_c + i * g
    next_h = o * np.tanh(next_c)
    cache = (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c)
    return next_h, next_c, cache

def lstm_step_backward(dnext_h, dnext_c, cache):
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c = cache
    tc = np.tanh(next_c)
    do = dnext_h * tc
    dc = dnext_c + dnext_h * o * (1 - tc**2)
    df = dc * prev_c
    di = dc * g
    dg = dc * i
    dprev_c = dc * f
    da = np.hstack((di * i * (1-i), df * f * (1-f), do * o * (1-o), dg * (1-g**2)))
    dx = da.dot(Wx.T)
    dWx = x.T.dot(da)
    dprev_h = da.dot(Wh.T)
    dWh = prev_h.T.dot(da)
    db = np.sum(da, axis=0)
    return dx, dprev_h, dprev_c, dWx, dWh, db

def embedding_forward(idx, table):
    # idx (N, T) ints, table (V, D)
    N, T = idx.shape
    out = np.zeros((N, T, table.shape[1]))
    for n in range(N):
        for t in range(T):
            out[n, t] = table[idx[n, t]]
    return out, (idx, table.shape)

def embedding_backward(dout, cache):
    idx, shp = cache
    dtable = np.zeros(shp)
    # for n in range(idx.shape[0]):
    #     for t in range(idx.shape[1]):
    #         ...
    # vectorised:
    dtable[idx] += dout
    return dtable
