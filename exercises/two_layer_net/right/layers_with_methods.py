import numpy as np


class Affine(object):
    def __init__(self, W, b, reg):
        self.W, self.b, self.reg = W, b, reg

    def __call__(self, x):
        self.x = x
        return x @ self.W + self.b

    def penalty(self):
        return self.reg * np.linalg.norm(self.W) ** 2

    def grad(self, up):
        self.dW = self.x.T @ up
        self.dW += 2 * self.reg * self.W
        self.db = np.sum(up, axis=0)
        return up @ self.W.T


class Relu(object):
    def __call__(self, x):
        self.on = x > 0
        return x * self.on

    def grad(self, up):
        return np.where(self.on, up, 0.0)


class SoftmaxCrossEntropy(object):
    def __call__(self, x, y):
        self.y = y
        self.p = np.exp(x - np.logaddexp.reduce(x, axis=1)[:, np.newaxis])
        return -np.log(self.p[np.arange(y.size), y]).mean()

    def grad(self):
        g = self.p / self.y.size
        g[np.arange(self.y.size), self.y] -= 1 / self.y.size
        return g


def loss(X, y, W1, b1, W2, b2, reg):
    first, relu, second, end = Affine(W1, b1, reg), Relu(), Affine(W2, b2, reg), SoftmaxCrossEntropy()
    J = end(second(relu(first(X))), y) + first.penalty() + second.penalty()
    up = end.grad()
    for layer in (second, relu, first):
        up = layer.grad(up)
    return J, {"W1": first.dW, "b1": first.db, "W2": second.dW, "b2": second.db}
