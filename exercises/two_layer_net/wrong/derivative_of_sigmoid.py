import numpy as np


class ReLU:
    def forward(self, x):
        self.out = np.maximum(0, x)
        return self.out

    def backward(self, grad):
        return grad * self.out * (1 - self.out)


class Dense:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, grad, reg):
        self.dW = self.x.T @ grad + 2 * reg * self.W
        self.db = grad.sum(axis=0)
        return grad @ self.W.T


def loss(X, y, W1, b1, W2, b2, reg):
    dense1, act, dense2 = Dense(W1, b1), ReLU(), Dense(W2, b2)
    out = dense2.forward(act.forward(dense1.forward(X)))
    out = out - out.max(axis=1, keepdims=True)
    p = np.exp(out) / np.exp(out).sum(axis=1, keepdims=True)
    J = -np.log(p[np.arange(len(y)), y]).mean() + reg * (np.sum(W1**2) + np.sum(W2**2))

    p[np.arange(len(y)), y] -= 1
    grad = dense2.backward(p / len(y), reg)
    dense1.backward(act.backward(grad), reg)
    return J, {"W1": dense1.dW, "b1": dense1.db, "W2": dense2.dW, "b2": dense2.db}
