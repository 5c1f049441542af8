# gradcheck: exercise layer-normalisation
"""Layer normalisation."""

import numpy as np

EPS = 1e-5


def normalised(x):
    """x_hat (n, p) and std (n, 1): each row with mean 0 and variance 1."""
    std = np.sqrt(x.var(axis=1, keepdims=True) + EPS)
    return (x - x.mean(axis=1, keepdims=True)) / std, std


def layernorm_forward(x, gamma, beta):
    """out_ij = gamma_j (x_ij - mu_i) / std_i + beta_j, shape (n, p)."""
    return gamma * normalised(x)[0] + beta


def layernorm_backward(dout, x, gamma, beta):
    """dx (n, p), dgamma (p,), dbeta (p,); mu and std depend on every x_ij of a row, so dx has three terms."""
    x_hat, std = normalised(x)
    g = gamma * dout
    # Through x_hat itself, through mu, and through std.
    dx = (g - g.mean(axis=1, keepdims=True) - x_hat * (g * x_hat).mean(axis=1, keepdims=True)) / std
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)
