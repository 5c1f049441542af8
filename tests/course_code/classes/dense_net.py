import numpy as np


class DenseLayer(object):
    """y = x W + b"""

    def __init__(self, size_in, size_out, scale=0.5, rng=np.random.RandomState(7)):
        self.W = rng.normal(0., scale, size=(size_in, size_out))
        self.b = np.zeros(size_out)
        self.dW = np.zeros_like(self.W)
        self.db = np.zeros_like(self.b)

    def forward(self, x):
        self.cache = x
        return np.matmul(x, self.W) + self.b

    def backward(self, grad_output):
        x = self.cache
        n = x.shape[0]
        # the loss has been averaged already
        self.dW = np.matmul(x.T, grad_output)
        self.db = np.mean(grad_output, axis=0)
        return np.matmul(grad_output, self.W.T)


class SigmoidLayer(object):

    def forward(self, x):
        y = np.empty_like(x)
        pos = x >= 0
        y[pos] = 1 / (1 + np.exp(-x[pos]))
        y[~pos] = np.exp(x[~pos]) / (1 + np.exp(x[~pos]))
        self.cache = y
        return y

    def backward(self, grad_output):
        y = self.cache
        return y * (1 - y) * grad_output


class Network(object):
    """dense - sigmoid - dense, cross entropy"""

    def __init__(self, d, h, c):
        self.layers = [DenseLayer(d, h), SigmoidLayer(), DenseLayer(h, c)]

    def forward(self, X):
        for layer in self.layers:
            X = layer.forward(X)
        return X

    def loss(self, X, y):
        """ y integer labels. Returns the loss and the gradient w.r.t. the logits """
        logits = self.forward(X)
        logits = logits - logits.max(axis=1, keepdims=True)
        logZ = np.log(np.exp(logits).sum(axis=1))
        n = len(y)
        loss = (logZ - logits[np.arange(n), y]).mean()
        dlogits = np.exp(logits - logZ[:, None])
        dlogits[np.arange(n), y] -= 1
        return loss, dlogits / n

    def backward(self, dlogits):
        g = dlogits
        for layer in reversed(self.layers):
            g = layer.backward(g)
        return g
