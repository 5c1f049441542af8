import numpy as np


def relu(x):
    return np.maximum(x, 0)

def drelu(x):
    return (x > 0).astype(x.dtype)

def tanh(x):
    return np.tanh(x)

def dtanh(x):
    return 1 - np.tanh(x) ** 2

ACTS = {'relu': (relu, drelu), 'tanh': (tanh, dtanh)}


class MLP:
    """simple regressor.  rows are samples, loss = 1/(2N) sum (pred - y)^2 + alpha/2 sum W^2"""

    def __init__(self, hidden=(16, 8), activation='tanh', alpha=1e-3, lr=0.01, epochs=100, batch_size=32, seed=0):
        self.hidden = hidden
        self.f, self.df = ACTS[activation]
        self.alpha = alpha
        self.lr = lr
        self.epochs = epochs
        self.batch_size = batch_size
        self.rs = np.random.RandomState(seed)
        self.weights = []
        self.biases = []

    def _init(self, d, k):
        dims = [d, *self.hidden, k]
        self.weights = [self.rs.normal(0, np.sqrt(1 / a), (a, b)) for a, b in zip(dims, dims[1:])]
        self.biases = [np.zeros(b) for b in dims[1:]]

    def forward(self, X):
        pre, post = [], [X]
        for i, (W, b) in enumerate(zip(self.weights, self.biases)):
            s = post[-1] @ W + b
            pre.append(s)
            post.append(s if i == len(self.weights) - 1 else self.f(s))
        return pre, post

    def predict(self, X):
        return self.forward(X)[1][-1]

    def loss(self, X, y):
        N = X.shape[0]
        data = ((self.predict(X) - y) ** 2).sum() / (2 * N)
        return data + self.alpha / 2 * sum((W ** 2).sum() for W in self.weights)

    def backprop(self, X, y):
        pre, post = self.forward(X)
        N = X.shape[0]
        dWs, dbs = [], []
        d = (post[-1] - y) / N
        for i in range(len(self.weights) - 1, -1, -1):
            dWs.append(post[i].T @ d + self.alpha * self.weights[i])
            dbs.append(d.sum(axis=0))
            if i:
                d = d @ self.weights[i].T * self.df(pre[i - 1])
        dWs.reverse()
        dbs.reverse()
        return dWs, dbs

    def fit(self, X, y):
        if y.ndim == 1:
            y = y[:, None]
        self._init(X.shape[1], y.shape[1])
        for ep in range(self.epochs):
            perm = self.rs.permutation(len(X))
            for s in range(0, len(X), self.batch_size):
                ix = perm[s:s + self.batch_size]
                dWs, dbs = self.backprop(X[ix], y[ix])
                for i in range(len(self.weights)):
                    self.weights[i] -= self.lr * dWs[i]
                    self.biases[i] -= self.lr * dbs[i]
        return self
