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
    std = np.sqrt(np.mean(c * c, axis=0) + EPS)
    dx_hat = dout * gamma
    dstd = -(dx_hat * c).sum(axis=0) / std**2
    dvar = dstd / std
    dc = dx_hat / std + 2 * c * dvar / n
    dx = dc - dc.mean(axis=0)
    return dx, (dout * c / std).sum(axis=0), dout.sum(axis=0)
