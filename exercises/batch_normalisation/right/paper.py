# gradcheck: exercise batch-normalisation
import numpy as np


def normalise(x, eps):
    mu, var = x.mean(0), x.var(0)
    return (x - mu) * (var + eps) ** -0.5, mu, var


def batchnorm_forward(x, gamma, beta, eps=1e-5):
    x_hat, _, _ = normalise(x, eps)
    return x_hat * gamma + beta


def batchnorm_backward(dout, x, gamma, beta, eps=1e-5):
    m = x.shape[0]
    x_hat, mu, var = normalise(x, eps)
    dx_hat = dout * gamma
    dvar = np.sum(dx_hat * (x - mu) * -0.5 * (var + eps) ** -1.5, axis=0)
    dmu = np.sum(dx_hat * -1 / np.sqrt(var + eps), axis=0) + dvar * np.sum(-2 * (x - mu), axis=0) / m
    dx = dx_hat / np.sqrt(var + eps) + dvar * 2 * (x - mu) / m + dmu / m
    return dx, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)
