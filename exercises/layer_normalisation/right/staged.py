# gradcheck: exercise layer-normalisation
import numpy as np


def layernorm_forward(x, gamma, beta, eps=1e-5):
    mu = x.mean(axis=1)[:, None]
    c = x - mu
    var = (c * c).mean(axis=1)[:, None]
    return gamma * (c / np.sqrt(var + eps)) + beta


def layernorm_backward(dout, x, gamma, beta, eps=1e-5):
    n, p = x.shape
    mu = x.sum(axis=1, keepdims=True) / p
    c = x - mu
    var = (c**2).sum(axis=1, keepdims=True) / p
    std = (var + eps) ** 0.5
    xhat = c / std

    dbeta = np.ones(n) @ dout
    dgamma = np.ones(n) @ (dout * xhat)
    dxhat = dout * gamma
    dstd = (dxhat * -c / std**2).sum(axis=1, keepdims=True)
    dvar = dstd * 0.5 / std
    dc = dxhat / std
    dc += dvar * 2 * c / p
    dmu = -dc.sum(axis=1, keepdims=True)
    dx = dc + dmu / p
    return dx, dgamma, dbeta
