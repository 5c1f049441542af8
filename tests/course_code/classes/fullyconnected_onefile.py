# everything in one place so that I can run it without the package
import numpy as np


def affine_forward(x, w, b):
    out = x.reshape(len(x), -1).dot(w) + b
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    flat = x.reshape(len(x), -1)
    db = np.ones(len(x)).dot(dout)
    dw = flat.T.dot(dout)
    dx = dout.dot(w.T).reshape(x.shape)
    return dx, dw, db


def relu_forward(x):
    out = x.copy()
    out[out < 0] = 0
    return out, x


def relu_backward(dout, cache):
    return np.where(cache > 0, dout, 0.)


def affine_relu_forward(x, w, b):
    z, c = affine_forward(x, w, b)
    a, cr = relu_forward(z)
    return a, (c, cr)


def affine_relu_backward(da, cache):
    c, cr = cache
    dz = relu_backward(da, cr)
    return affine_backward(dz, c)


def softmax_loss(x, y):
    e = np.exp(x - np.max(x, axis=1, keepdims=True))
    probs = e / np.sum(e, axis=1, keepdims=True)
    N = x.shape[0]
    loss = -np.sum(np.log(probs[np.arange(N), y] + 1e-12)) / N
    dx = probs.copy()
    dx[np.arange(N), y] -= 1
    return loss, dx / N


class FullyConnectedNet(object):
    """{affine - relu} x (L - 1) - affine - softmax"""

    def __init__(self, hidden_dims, input_dim=3*32*32, num_classes=10, reg=0.0,
                 weight_scale=1e-2, dtype=np.float64, seed=None):
        self.reg = reg
        self.num_layers = 1 + len(hidden_dims)
        self.dtype = dtype
        self.params = {}

        if seed is not None:
            np.random.seed(seed)
        dims = [input_dim] + list(hidden_dims) + [num_classes]
        for i in range(self.num_layers):
            self.params['W' + str(i + 1)] = weight_scale * np.random.randn(dims[i], dims[i + 1])
            self.params['b' + str(i + 1)] = np.zeros(dims[i + 1])

        for k, v in self.params.items():
            self.params[k] = v.astype(dtype)

    def loss(self, X, y=None):
        X = X.astype(self.dtype)
        mode = 'test' if y is None else 'train'

        caches = {}
        h = X
        for l in range(1, self.num_layers):
            h, caches[l] = affine_relu_forward(h, self.params['W%d' % l], self.params['b%d' % l])
        L = self.num_layers
        scores, caches[L] = affine_forward(h, self.params['W%d' % L], self.params['b%d' % L])

        if mode == 'test':
            return scores

        grads = {}
        loss, dscores = softmax_loss(scores, y)
        for l in range(1, L + 1):
            loss += 0.5 * self.reg * np.sum(np.square(self.params['W%d' % l]))

        dh, dW, db = affine_backward(dscores, caches[L])
        grads['W%d' % L] = dW + self.reg * self.params['W%d' % L]
        grads['b%d' % L] = db
        for l in range(L - 1, 0, -1):
            dh, dW, db = affine_relu_backward(dh, caches[l])
            grads['W%d' % l] = dW + self.reg * self.params['W%d' % l]
            grads['b%d' % l] = db

        return loss, grads


def rel_error(x, y):
    return np.max(np.abs(x - y) / (np.maximum(1e-8, np.abs(x) + np.abs(y))))


if __name__ == '__main__':
    net = FullyConnectedNet([20, 30], input_dim=15, num_classes=10, reg=3.14, weight_scale=5e-2)
    X = np.random.randn(2, 15)
    y = np.random.randint(10, size=(2,))
    loss, grads = net.loss(X, y)
    print('Initial loss: ', loss)
    for name in sorted(grads):
        g = grads[name]
        p = net.params[name]
        i = tuple(np.random.randint(s) for s in p.shape)
        old = p[i]
        p[i] = old + 1e-5
        lp, _ = net.loss(X, y)
        p[i] = old - 1e-5
        lm, _ = net.loss(X, y)
        p[i] = old
        print(name, rel_error((lp - lm) / 2e-5, g[i]))
