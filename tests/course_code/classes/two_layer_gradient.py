# two layers out of small objects; the dict in .params and the objects look at the SAME arrays
import numpy as np
from collections import OrderedDict


def to_index(t):
    t = np.asarray(t)
    return t if t.ndim == 1 else t.argmax(axis=1)


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.dW = self.db = None

    def forward(self, x):
        self.x_in = x
        return self.b + x @ self.W

    def backward(self, dout):
        self.db = np.ones(len(dout)) @ dout
        self.dW = self.x_in.T @ dout
        return dout @ self.W.T


class Relu:
    def forward(self, x):
        self.dead = x <= 0
        y = np.array(x)
        y[self.dead] = 0.0
        return y

    def backward(self, dout):
        # saves memory: overwrite what came in
        dout[self.dead] = 0.0
        return dout


class SoftmaxWithLoss:

    def forward(self, x, t):
        self.labels = to_index(t)
        top = x.max(axis=1, keepdims=True)
        self.prob = np.exp(x - top)
        self.prob /= self.prob.sum(axis=1, keepdims=True)
        hit = self.prob[np.arange(len(x)), self.labels]
        return -np.log(hit + 1e-9).mean()

    def backward(self, dout=1):
        n = len(self.labels)
        dx = self.prob / n
        dx[np.arange(n), self.labels] -= 1.0 / n
        return dout * dx


class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size, weight_init_std=0.01):
        sizes = [input_size, hidden_size, output_size]
        self.params = {}
        for k in (1, 2):
            self.params['W%d' % k] = weight_init_std * np.random.randn(sizes[k - 1], sizes[k])
            self.params['b%d' % k] = np.zeros(sizes[k])
        p = self.params
        self.layers = OrderedDict([
            ('fc1', Affine(p['W1'], p['b1'])),
            ('act', Relu()),
            ('fc2', Affine(p['W2'], p['b2'])),
        ])
        self.top = SoftmaxWithLoss()

    def predict(self, x):
        out = x
        for name in self.layers:
            out = self.layers[name].forward(out)
        return out

    def loss(self, x, t):
        return self.top.forward(self.predict(x), t)

    def accuracy(self, x, t):
        return (self.predict(x).argmax(1) == to_index(t)).mean()

    def gradient(self, x, t):
        self.loss(x, t)          # fills the caches
        d = self.top.backward()
        for name in ('fc2', 'act', 'fc1'):
            d = self.layers[name].backward(d)
        grads = {}
        for k in (1, 2):
            fc = self.layers['fc%d' % k]
            grads['W%d' % k] = fc.dW
            grads['b%d' % k] = fc.db
        return grads
