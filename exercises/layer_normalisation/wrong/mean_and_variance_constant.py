import numpy as np

EPS = 1e-5


def layernorm_forward(x, gamma, beta):
    mu = x.mean(axis=1, keepdims=True)
    std = np.sqrt(x.var(axis=1, keepdims=True) + EPS)
    return gamma * (x - mu) / std + beta


def layernorm_backward(dout, x, gamma, beta):
    mu = np.mean(x, axis=1)
    std = np.sqrt(np.var(x, axis=1) + EPS)
    x_hat = (x - mu[:, None]) / std[:, None]
    dgamma = np.sum(dout * x_hat, axis=0)
    dbeta = np.sum(dout, axis=0)
    dx = dout * gamma / std[:, None]
    return dx, dgamma, dbeta
