import numpy as np

eps = 1e-5


def layernorm_forward(x, gamma, beta):
    xT = x.T
    mean = np.mean(xT, axis=0)
    std = np.sqrt(np.var(xT, axis=0) + eps)
    return ((xT - mean) / std).T * gamma + beta


def layernorm_backward(dout, x, gamma, beta):
    mean, std = np.mean(x.T, axis=0), np.sqrt(np.var(x.T, axis=0) + eps)
    x_norm = (x.T - mean) / std
    dgamma = np.sum(dout * x_norm.T, axis=0)
    dbeta = np.sum(dout, axis=0)
    dx_norm = (dout * gamma).T
    N = x.shape[1]
    dx = 1 / N / std * (N * dx_norm - np.sum(dx_norm, axis=0) - x_norm * np.sum(dx_norm * x_norm, axis=0))
    return dx.T, dgamma, dbeta
