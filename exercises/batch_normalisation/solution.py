# gradcheck: exercise batch-normalisation
"""Batch normalisation as a layer."""

import numpy as np

EPS = 1e-5


def batchnorm_forward(x, gamma, beta):
    """out_ij = gamma_j (x_ij - mu_j) / std_j + beta_j, shape (n, p)."""
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + EPS) + beta


def batchnorm_backward(dout, x, gamma, beta):
    """dx (n, p), dgamma (p,), dbeta (p,); mu and std depend on every x_ij, so dx has three terms."""
    n = len(x)
    std = np.sqrt(x.var(axis=0) + EPS)
    x_hat = (x - x.mean(axis=0)) / std
    dgamma = (dout * x_hat).sum(axis=0)
    dbeta = dout.sum(axis=0)
    # Through x_hat itself, through mu, and through std.
    dx = gamma / std * (dout - dbeta / n - x_hat * dgamma / n)
    return dx, dgamma, dbeta
