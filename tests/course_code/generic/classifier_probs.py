import numpy as np

class Activation:
    @staticmethod
    def relu(x):
        return np.maximum(x, 0)

    @staticmethod
    def relu_grad(x):
        return np.where(x > 0, 1.0, 0.0)

    @staticmethod
    def softmax(x):
        ex = np.exp(x - np.max(x, axis=1, keepdims=True))
        return ex / np.sum(ex, axis=1, keepdims=True)


def make_params(sizes, seed=0):
    rng = np.random.default_rng(seed)
    return {'w1': rng.normal(0, .3, (sizes[0], sizes[1])), 'b1': np.zeros(sizes[1]),
            'w2': rng.normal(0, .3, (sizes[1], sizes[2])), 'b2': np.zeros(sizes[2])}


def forward(X, params):
    z = X @ params['w1'] + params['b1']
    h = Activation.relu(z)
    out = Activation.softmax(h @ params['w2'] + params['b2'])
    return out, {'X': X, 'z': z, 'h': h}


def cross_entropy(pred, y):
    # y = class index
    log_p = np.log(Activation.softmax(pred))
    return -log_p[np.arange(len(y)), y].mean()


def backward(pred, y, params, cache):
    # p - 1 at the right class (see lecture 4, slide 22)
    d = pred.copy()
    d[np.arange(len(y)), y] -= 1
    d = d / len(y)
    grads = dict()
    grads['w2'] = cache['h'].T @ d
    grads['b2'] = d.sum(axis=0)
    dz = (d @ params['w2'].T) * Activation.relu_grad(cache['z'])
    grads['w1'] = cache['X'].T @ dz
    grads['b1'] = dz.sum(axis=0)
    return grads


def accuracy(pred, y):
    return (pred.argmax(1) == y).mean()
