import numpy as np


def residual_forward(x, params):
    """
    y = relu(x + W2 relu(W1 x + b1) + b2)

    params: dictionary with keys 'W1', 'b1', 'W2', 'b2'
    """
    W1, b1 = params['W1'], params['b1']
    W2, b2 = params['W2'], params['b2']
    a1 = x @ W1 + b1
    h = np.maximum(0, a1)
    a2 = h @ W2 + b2
    s = x + a2
    out = np.maximum(0, s)
    cache = dict(x=x, a1=a1, h=h, s=s, params=params)
    return out, cache


def residual_backward(dout, cache):
    p = cache['params']
    grads = {}
    ds = dout * (cache['s'] > 0)
    grads['W2'] = cache['h'].T @ ds
    grads['b2'] = ds.sum(axis=0)
    dh = ds @ p['W2'].T
    da1 = dh * (cache['a1'] > 0)
    grads['W1'] = cache['x'].T @ da1
    grads['b1'] = da1.sum(axis=0)
    dx = ds + da1 @ p['W1'].T      # skip connection
    return dx, grads


def highway_forward(x, Wh, bh, Wt, bt):
    h = np.tanh(x @ Wh + bh)
    t = 1 / (1 + np.exp(-(x @ Wt + bt)))
    out = t * h + (1 - t) * x
    return out, (x, Wh, Wt, h, t)


def highway_backward(dout, cache):
    x, Wh, Wt, h, t = cache
    dh = dout * t
    dt = dout * (h - x)
    dzh = dh * (1 - h * h)
    dzt = dt * t * (1 - t)
    dx = dout * (1 - t) + dzh @ Wh.T + dzt @ Wt.T
    return dx, x.T @ dzh, dzh.sum(0), x.T @ dzt, dzt.sum(0)
