import numpy as np

EPS = 1e-5


def layernorm_forward(x, gamma, beta):
    mu = x.mean(axis=1, keepdims=True)
    std = np.sqrt(x.var(axis=1, keepdims=True) + EPS)
    return gamma * (x - mu) / std + beta


def layernorm_backward(dout, x, gamma, beta):
    c = x - x.mean(axis=1, keepdims=True)
    std = np.sqrt(x.var(axis=1, keepdims=True) + EPS)
    dgamma = np.sum(dout * c / std, axis=0)
    dbeta = np.sum(dout, axis=0)
    dxhat = gamma * dout
    dx = (dxhat - dxhat.mean(axis=1, keepdims=True)) / std
    return dx, dgamma, dbeta
