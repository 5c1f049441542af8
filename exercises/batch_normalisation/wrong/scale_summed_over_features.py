import numpy as np

EPS = 1e-5


def batchnorm_forward(x, gamma, beta):
    mu = x.mean(axis=0)
    var = x.var(axis=0)
    x_hat = (x - mu) / np.sqrt(var + EPS)
    return gamma * x_hat + beta


def batchnorm_backward(dout, x, gamma, beta):
    n = len(x)
    std = np.sqrt(x.var(axis=0) + EPS)
    x_hat = (x - x.mean(axis=0)) / std
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * x_hat, axis=-1)
    g = dout * gamma
    dx = (g - g.mean(axis=0) - x_hat * (g * x_hat).mean(axis=0)) / std
    return dx, dgamma, dbeta
