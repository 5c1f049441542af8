# gradcheck: exercise batch-normalisation
from math import sqrt

import numpy as np

EPS = 0.00001


def moments(column):
    mean = sum(column) / len(column)
    return mean, sqrt(sum((v - mean) ** 2 for v in column) / len(column) + EPS)


def batchnorm_forward(x, gamma, beta):
    out = np.zeros_like(x)
    n, p = x.shape
    for j in range(p):
        mean, std = moments(x[:, j])
        for i in range(n):
            out[i, j] = gamma[j] * (x[i, j] - mean) / std + beta[j]
    return out


def batchnorm_backward(dout, x, gamma, beta):
    n, p = x.shape
    dx, dgamma, dbeta = np.zeros((n, p)), np.zeros(p), np.zeros(p)
    for j in range(p):
        mean, std = moments(x[:, j])
        for i in range(n):
            dbeta[j] += dout[i, j]
            dgamma[j] += dout[i, j] * (x[i, j] - mean) / std
        for i in range(n):
            for k in range(n):
                xi, xk = (x[i, j] - mean) / std, (x[k, j] - mean) / std
                slope = (i == k) - 1 / n - xi * xk / n
                dx[i, j] += dout[k, j] * gamma[j] * slope / std
    return dx, dgamma, dbeta
