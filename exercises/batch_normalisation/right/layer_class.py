import numpy as np


class BatchNorm:
    eps = 1e-5

    def __init__(self, gamma, beta):
        self.gamma, self.beta = gamma, beta

    def forward(self, x):
        self.mean = x.mean(axis=0, keepdims=True)
        self.inv_std = 1 / np.sqrt(x.var(axis=0, keepdims=True) + self.eps)
        self.x_norm = (x - self.mean) * self.inv_std
        return self.gamma * self.x_norm + self.beta

    def backward(self, dout):
        N = dout.shape[0]
        dbeta = dout.sum(axis=0)
        dgamma = np.einsum("ij,ij->j", dout, self.x_norm)
        dx_norm = dout * self.gamma
        dx = N * dx_norm - dx_norm.sum(axis=0) - self.x_norm * (dx_norm * self.x_norm).sum(axis=0)
        return self.inv_std * dx / N, dgamma, dbeta


def batchnorm_forward(x, gamma, beta):
    return BatchNorm(gamma, beta).forward(x)


def batchnorm_backward(dout, x, gamma, beta):
    layer = BatchNorm(gamma, beta)
    layer.forward(x)
    return layer.backward(dout)
