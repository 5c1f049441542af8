import numpy as np

EPS = 1e-5


def jacobian(v):
    n = v.size
    s = np.sqrt(v.var() + EPS)
    h = (v - v.mean()) / s
    return (np.eye(n) - np.full((n, n), 1 / n) - np.outer(h, h) / n) / s, h


def batchnorm_forward(x, gamma, beta):
    return np.stack([gamma[j] * jacobian(x[:, j])[1] + beta[j] for j in range(x.shape[1])], axis=1)


def batchnorm_backward(dout, x, gamma, beta):
    dx, dgamma = np.empty_like(x), np.empty_like(gamma)
    for j in range(x.shape[1]):
        J, h = jacobian(x[:, j])
        dx[:, j] = gamma[j] * J.T @ dout[:, j]
        dgamma[j] = h @ dout[:, j]
    return dx, dgamma, dout.sum(axis=0)
