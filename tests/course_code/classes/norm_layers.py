import numpy as np


class BatchNorm1d:

    def __init__(self, dim, eps=1e-5, momentum=0.9):
        self.gamma = np.ones(dim)
        self.beta = np.zeros(dim)
        self.eps = eps
        self.momentum = momentum
        self.running_mean = np.zeros(dim)
        self.running_var = np.ones(dim)
        self.training = True

    def forward(self, x):
        if not self.training:
            return self.gamma * (x - self.running_mean) / np.sqrt(self.running_var + self.eps) + self.beta
        self.mu = x.mean(axis=0)
        self.xc = x - self.mu
        self.var = np.mean(self.xc ** 2, axis=0)
        self.inv = 1 / np.sqrt(self.var + self.eps)
        self.xn = self.xc * self.inv
        self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * self.mu
        self.running_var = self.momentum * self.running_var + (1 - self.momentum) * self.var
        return self.gamma * self.xn + self.beta

    def backward(self, dout):
        N = dout.shape[0]
        self.dbeta = np.sum(dout, axis=0)
        self.dgamma = np.sum(dout * self.xn, axis=0)
        # long way, step by step through the graph
        dxn = dout * self.gamma
        dinv = np.sum(dxn * self.xc, axis=0)
        dxc = dxn * self.inv
        dvar = dinv * -0.5 * self.inv ** 3
        dxc += 2 / N * self.xc * dvar
        dmu = -np.sum(dxc, axis=0)
        dx = dxc + dmu / N
        return dx


class Dropout:

    def __init__(self, p=0.5, seed=None):
        self.p = p              # probability to DROP
        self.seed = seed
        self.training = True

    def forward(self, x):
        if not self.training:
            return x
        rng = np.random.RandomState(self.seed)
        self.mask = (rng.rand(*x.shape) >= self.p) / (1 - self.p)
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask if self.training else dout


class LayerNorm:

    def __init__(self, dim, eps=1e-5):
        self.gamma, self.beta, self.eps = np.ones(dim), np.zeros(dim), eps

    def forward(self, x):
        mu = x.mean(-1, keepdims=True)
        self.std = np.sqrt(x.var(-1, keepdims=True) + self.eps)
        self.xhat = (x - mu) / self.std
        return self.xhat * self.gamma + self.beta

    def backward(self, dout):
        self.dgamma = (dout * self.xhat).sum(0)
        self.dbeta = dout.sum(0)
        g = dout * self.gamma
        D = g.shape[-1]
        return (D * g - g.sum(-1, keepdims=True) - self.xhat * (g * self.xhat).sum(-1, keepdims=True)) / (D * self.std)
