import numpy as np


class Dense:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out) * np.sqrt(2. / n_in)
        self.b = np.zeros(n_out)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, grad_output):
        self.dW = self.x.T @ grad_output
        self.db = grad_output.sum(axis=0)
        return grad_output @ self.W.T


class ReLU:
    def forward(self, x):
        self.mask = x > 0
        return np.where(self.mask, x, 0)

    def backward(self, grad_output):
        return grad_output * self.mask


class Sigmoid:
    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x))
        return self.out

    def backward(self, grad_output):
        return grad_output * self.out * (1 - self.out)


class Softmax:
    # full jacobian so it may be put anywhere
    def forward(self, x):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.s = e / e.sum(axis=1, keepdims=True)
        return self.s

    def backward(self, grad_output):
        inner = (grad_output * self.s).sum(axis=1, keepdims=True)
        return self.s * (grad_output - inner)


class CrossEntropy:
    """ expects probabilities """
    def forward(self, p, y):
        self.p, self.y = p, y
        return -np.log(p[np.arange(len(y)), y]).mean()

    def backward(self):
        g = np.zeros_like(self.p)
        n = len(self.y)
        g[np.arange(n), self.y] = -1 / (n * self.p[np.arange(n), self.y])
        return g


class Sequential:
    def __init__(self, *layers):
        self.layers = list(layers)

    def forward(self, x):
        for l in self.layers:
            x = l.forward(x)
        return x

    def backward(self, grad):
        for l in self.layers[::-1]:
            grad = l.backward(grad)
        return grad

    def step(self, lr):
        for l in self.layers:
            if isinstance(l, Dense):
                l.W -= lr * l.dW
                l.b -= lr * l.db


if __name__ == "__main__":
    net = Sequential(Dense(2, 8), ReLU(), Dense(8, 2), Softmax())
    ce = CrossEntropy()
    X = np.random.randn(100, 2)
    y = (X[:, 0] * X[:, 1] > 0).astype(int)
    for i in range(201):
        L = ce.forward(net.forward(X), y)
        net.backward(ce.backward())
        net.step(0.5)
        if i % 50 == 0:
            print(i, L)
