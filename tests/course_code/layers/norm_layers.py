import numpy as np


def layernorm_forward(x, gamma, beta, ln_param):
    """
    Layer norm: normalise every row (data point) over its features.
    Same as batchnorm on x.T basically.
    """
    eps = ln_param.get('eps', 1e-5)
    xT = x.T
    mu = xT.mean(axis=0)
    var = xT.var(axis=0)
    sigma = np.sqrt(var + eps)
    xhatT = (xT - mu) / sigma
    xhat = xhatT.T
    out = gamma * xhat + beta
    cache = xhat, sigma, gamma
    return out, cache


def layernorm_backward(dout, cache):
    xhat, sigma, gamma = cache
    dgamma = np.sum(dout * xhat, axis=0)
    dbeta = np.sum(dout, axis=0)
    dxhat = (dout * gamma).T
    xh = xhat.T
    D = xh.shape[0]
    dx = 1 / D / sigma * (D * dxhat - dxhat.sum(axis=0) - xh * np.sum(dxhat * xh, axis=0))
    return dx.T, dgamma, dbeta


def rmsnorm_forward(x, g, eps=1e-6):
    ms = np.mean(x * x, axis=-1, keepdims=True)
    r = 1 / np.sqrt(ms + eps)
    return x * r * g, (x, g, r)


def rmsnorm_backward(dout, cache):
    x, g, r = cache
    d = x.shape[-1]
    dg = np.sum(dout * x * r, axis=tuple(range(x.ndim - 1)))
    t = dout * g
    dx = r * t - x * r ** 3 / d * np.sum(t * x, axis=-1, keepdims=True)
    return dx, dg


def l2norm_forward(x):
    n = np.sqrt(np.sum(x ** 2, axis=1, keepdims=True))
    out = x / n
    return out, (out, n)


def l2norm_backward(dout, cache):
    y, n = cache
    dx = np.zeros_like(y)
    for i in range(y.shape[0]):
        J = (np.eye(y.shape[1]) - np.outer(y[i], y[i])) / n[i]
        dx[i] = J.dot(dout[i])
    return dx
