import numpy as np


def affine_forward(x, w, b):
    cache = (x, w, b)
    return np.dot(x.reshape((x.shape[0], -1)), w) + b, cache


def affine_backward(dout, cache):
    x, w, b = cache
    dw = np.dot(x.reshape((x.shape[0], -1)).T, dout)
    db = dout.sum(axis=0)
    dx = np.dot(dout, w.T).reshape(x.shape)
    return dx, dw, db


def relu_forward(x):
    return np.maximum(x, 0), x


def relu_backward(dout, cache):
    return dout * (cache > 0)


def batchnorm_forward(x, gamma, beta, bn_param):
    eps = bn_param.get('eps', 1e-5)
    if bn_param['mode'] == 'test':
        xh = (x - bn_param['running_mean']) / np.sqrt(bn_param['running_var'] + eps)
        return gamma * xh + beta, (xh, gamma, None)
    mu, var = x.mean(axis=0), x.var(axis=0)
    mom = bn_param.get('momentum', 0.9)
    for k, v in (('running_mean', mu), ('running_var', var)):
        bn_param[k] = mom * bn_param.get(k, np.zeros_like(v)) + (1 - mom) * v
    s = np.sqrt(var + eps)
    xh = (x - mu) / s
    return gamma * xh + beta, (xh, gamma, s)


def batchnorm_backward(dout, cache):
    xh, gamma, s = cache
    dgamma, dbeta = np.sum(dout * xh, axis=0), dout.sum(axis=0)
    d = dout * gamma
    dx = (d - d.mean(axis=0) - xh * (d * xh).mean(axis=0)) / s
    return dx, dgamma, dbeta
