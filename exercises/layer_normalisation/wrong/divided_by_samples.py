import numpy as np

EPS = 1e-5


def layernorm_forward(x, gamma, beta):
    mu = x.mean(axis=1, keepdims=True)
    std = np.sqrt(x.var(axis=1, keepdims=True) + EPS)
    return gamma * (x - mu) / std + beta


def layernorm_backward(dout, x, gamma, beta):
    N = x.shape[0]
    c = x - x.mean(axis=1, keepdims=True)
    std = np.sqrt((c**2).mean(axis=1, keepdims=True) + EPS)
    x_hat = c / std
    g = dout * gamma
    dx = (g - g.sum(axis=1, keepdims=True) / N - x_hat * (g * x_hat).sum(axis=1, keepdims=True) / N) / std
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)
