import numpy as np


def sigm(v):
    return 1. / (1 + np.exp(-v))


class TwoLayerNet:
    """ FC -> sigmoid -> FC -> multiclass hinge loss """

    def __init__(self, input_size, hidden_size, output_size, std=1e-1, delta=1.0):
        rng = np.random.RandomState(3)
        self.delta = delta
        self.params = dict(
            W1=std * rng.randn(input_size, hidden_size), b1=np.zeros(hidden_size),
            W2=std * rng.randn(hidden_size, output_size), b2=np.zeros(output_size))

    def loss(self, X, y=None, reg=0.0):
        p = self.params
        hid = sigm(X @ p['W1'] + p['b1'])
        s = hid @ p['W2'] + p['b2']
        if y is None:
            return s

        n = len(X)
        rows = np.arange(n)
        correct = s[rows, y][:, np.newaxis]
        margins = np.maximum(0, s - correct + self.delta)
        margins[rows, y] = 0
        loss = margins.sum() / n
        loss += reg * sum((p[k] ** 2).sum() for k in p if k.startswith('W'))

        # --- gradient
        ds = (margins > 0).astype(float)
        ds[rows, y] = -ds.sum(axis=1)
        ds /= n

        grads = {}
        grads['b2'] = ds.sum(0)
        grads['W2'] = hid.T @ ds + 2 * reg * p['W2']
        da = ds @ p['W2'].T * hid * (1 - hid)
        grads['b1'] = da.sum(0)
        grads['W1'] = X.T @ da + 2 * reg * p['W1']
        return loss, grads
