import numpy as np

EPS = 1e-5


def layernorm_forward(x, gamma, beta):
    mu = x.mean(axis=1, keepdims=True)
    std = np.sqrt(x.var(axis=1, keepdims=True) + EPS)
    return gamma * (x - mu) / std + beta


def layernorm_backward(dout, x, gamma, beta):
    p = x.shape[1]
    c = x - x.mean(axis=1, keepdims=True)
    std = np.sqrt((c**2).mean(axis=1, keepdims=True) + EPS)
    dbeta = dout.sum(axis=0)
    dgamma = (dout * c / std).sum(axis=0)
    dx_hat = dout * gamma
    dvar = (dx_hat * c).sum(axis=1, keepdims=True) * -0.5 * std**-3
    dc = dx_hat / std + 2 / p * c * dvar
    dmu = -dc.sum(axis=1, keepdims=True)
    dx = dc + dmu
    return dx, dgamma, dbeta
