import numpy as np


def dropout_forward(x, dropout_param):
    """
    Performs the forward pass for (inverted) dropout.

    - dropout_param: dict with
      - p: probability to KEEP a neuron
      - mode: 'test' or 'train'
      - seed: makes it deterministic for the gradient check
    """
    p, mode = dropout_param['p'], dropout_param['mode']
    if 'seed' in dropout_param:
        np.random.seed(dropout_param['seed'])

    mask = None
    out = None

    if mode == 'train':
        mask = (np.random.rand(*x.shape) < p) / p
        out = x * mask
    elif mode == 'test':
        out = x

    cache = (dropout_param, mask)
    out = out.astype(x.dtype, copy=False)

    return out, cache


def dropout_backward(dout, cache):
    dropout_param, mask = cache
    mode = dropout_param['mode']

    dx = None
    if mode == 'train':
        dx = dout * mask
    elif mode == 'test':
        dx = dout
    return dx


def gaussian_dropout_forward(x, dropout_param):
    # multiplicative noise N(1, p/(1-p)), here p is the prob of DROPPING
    p = dropout_param['p']
    if dropout_param.get('mode', 'train') == 'test':
        return x, None
    if dropout_param.get('seed') is not None:
        np.random.seed(dropout_param['seed'])
    noise = 1 + np.sqrt(p / (1 - p)) * np.random.randn(*x.shape)
    return x * noise, noise


def gaussian_dropout_backward(dout, cache):
    noise = cache
    if noise is None:
        return dout
    return dout * noise


def affine_relu_dropout_forward(x, w, b, dropout_param):
    a = x.reshape(x.shape[0], -1).dot(w) + b
    r = np.maximum(a, 0)
    out, drop_cache = dropout_forward(r, dropout_param)
    return out, (x, w, a, drop_cache)


def affine_relu_dropout_backward(dout, cache):
    x, w, a, drop_cache = cache
    dr = dropout_backward(dout, drop_cache)
    da = dr * (a > 0)
    dx = da.dot(w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T.dot(da)
    db = da.sum(axis=0)
    return dx, dw, db
