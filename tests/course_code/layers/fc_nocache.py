import numpy as np
np.random.seed(231)


def fully_connected(X, W, bias):
    '''returns X*W+bias and the stuff for backward'''
    n = len(X)
    flat = X.reshape(n, -1)
    stuff = {'W': W, 'flat': flat, 'bias': bias, 'shape': X.shape}
    return flat @ W + bias, stuff


def fully_connected_grad(upstream, stuff):
    W = stuff['W']
    flat = stuff['flat']
    g_bias = upstream.sum(axis=0, keepdims=True)    # (1, M), broadcasts anyway
    g_W = np.einsum('nd,nm->dm', flat, upstream)
    g_X = np.einsum('nm,dm->nd', upstream, W).reshape(stuff['shape'])
    # order: weights first because the optimizer wants these
    return g_W, g_bias, g_X


def linear_forward(x, w, b):
    return x.dot(w) + b


def linear_backward(dout, x, w, b):
    """no cache here: give the inputs again. dx, dw, db"""
    assert dout.shape == (x.shape[0], w.shape[1]), 'wrong dout shape'
    dx = np.zeros(x.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(b.shape)
    for i in range(x.shape[0]):
        dx[i] = w.dot(dout[i])
        dw += np.outer(x[i], dout[i])
        db += dout[i]
    return dx, dw, db


def _check():
    X = np.random.randn(4, 2, 3)
    W = np.random.randn(6, 5)
    b = np.zeros(5)
    out, st = fully_connected(X, W, b)
    a, bb, c = fully_connected_grad(np.ones_like(out), st)
    print(a.shape, bb.shape, c.shape)


if __name__ == '__main__':
    _check()
