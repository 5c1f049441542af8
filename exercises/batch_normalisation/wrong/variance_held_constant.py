import numpy as np

EPS = 1e-5


def batchnorm_forward(x, gamma, beta):
    mu = x.mean(axis=0)
    var = x.var(axis=0)
    x_hat = (x - mu) / np.sqrt(var + EPS)
    return gamma * x_hat + beta


def batchnorm_backward(dout, x, gamma, beta):
    n = x.shape[0]
    c = x - x.mean(axis=0)
    std = np.sqrt(x.var(axis=0) + EPS)
    dgamma = np.sum(dout * c / std, axis=0)
    dbeta = np.sum(dout, axis=0)
    dxhat = gamma * dout
    dc = dxhat / std
    dmu = -np.sum(dc, axis=0)
    dx = dc + dmu / n
    return dx, dgamma, dbeta
