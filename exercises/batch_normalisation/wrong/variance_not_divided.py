import numpy as np

EPS = 1e-5


def batchnorm_forward(x, gamma, beta):
    mu = x.mean(axis=0)
    var = x.var(axis=0)
    x_hat = (x - mu) / np.sqrt(var + EPS)
    return gamma * x_hat + beta


def batchnorm_backward(dout, x, gamma, beta):
    m, _ = x.shape
    mu, var = x.mean(0), x.var(0)
    inv = 1 / np.sqrt(var + EPS)
    dxhat = dout * gamma
    dvar = -0.5 * np.sum(dxhat * (x - mu), axis=0) * inv**3
    dmu = -inv * np.sum(dxhat, axis=0)
    dx = dxhat * inv + 2 * (x - mu) * dvar + dmu / m
    dgamma = np.sum(dout * (x - mu) * inv, axis=0)
    dbeta = np.sum(dout, axis=0)
    return dx, dgamma, dbeta
