import numpy as np


def maxout_forward(x, W, b):
    '''
    x: (N, D)
    W: (k, D, M)   k linear pieces
    b: (k, M)
    '''
    k = W.shape[0]
    z = np.stack([x.dot(W[i]) + b[i] for i in range(k)])
    arg = z.argmax(axis=0)
    out = z.max(axis=0)
    cache = (x, W, b, arg)
    return out, cache


def maxout_backward(dout, cache):
    x, W, b, arg = cache
    print('maxout_backward', dout.shape)
    dx = np.zeros_like(x)
    dW = np.zeros_like(W)
    db = np.zeros_like(b)
    for i in range(W.shape[0]):
        d = dout * (arg == i)
        dx += d.dot(W[i].T)
        dW[i] = x.T.dot(d)
        db[i] = d.sum(axis=0)
    return dx, dW, db


def crelu_forward(x):
    """concatenated relu, output has twice the features"""
    out = np.hstack([np.maximum(x, 0), np.maximum(-x, 0)])
    return out, x


def crelu_backward(dout, cache):
    x = cache
    d = x.shape[1]
    return dout[:, :d] * (x > 0) - dout[:, d:] * (x < 0)


def abs_forward(x):
    return np.abs(x), np.sign(x)


def abs_backward(dout, cache):
    return dout * cache


def bilinear_forward(x1, x2, W):
    # out[n,k] = x1[n]^T W[:,:,k] x2[n]
    out = np.einsum('ni,ijk,nj->nk', x1, W, x2)
    return out, (x1, x2, W)


def bilinear_backward(dout, cache):
    x1, x2, W = cache
    dx1 = np.einsum('nk,ijk,nj->ni', dout, W, x2)
    dx2 = np.einsum('nk,ijk,ni->nj', dout, W, x1)
    dW = np.einsum('nk,ni,nj->ijk', dout, x1, x2)
    return dx1, dx2, dW
