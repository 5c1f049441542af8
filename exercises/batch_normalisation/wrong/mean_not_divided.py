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
    std = np.sqrt((c**2).mean(axis=0) + EPS)
    dbeta = dout.sum(axis=0)
    dgamma = (dout * c / std).sum(axis=0)
    dx_hat = dout * gamma
    dvar = (dx_hat * c).sum(axis=0) * -0.5 * std**-3
    dc = dx_hat / std + 2 / n * c * dvar
    dmu = -dc.sum(axis=0)
    dx = dc + dmu
    return dx, dgamma, dbeta
