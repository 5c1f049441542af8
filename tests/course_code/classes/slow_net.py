import numpy as np

class TwoLayerNet(object):

    def __init__(self, input_size, hidden_size, output_size, std=1e-2):
        self.params = {}
        self.params['W1'] = std * np.random.randn(input_size, hidden_size)
        self.params['b1'] = np.zeros(hidden_size)
        self.params['W2'] = std * np.random.randn(hidden_size, output_size)
        self.params['b2'] = np.zeros(output_size)

    def loss(self, X, y=None, reg=0.0):
        # unpack
        W1, b1, W2, b2 = (self.params['W1'], self.params['b1'], self.params['W2'], self.params['b2'])
        N = X.shape[0]

        h = np.maximum(0, X.dot(W1) + b1)
        scores = h.dot(W2) + b2
        if y is None:
            return scores

        grads = {k: np.zeros(v.shape) for k, v in self.params.items()}
        loss = 0
        # sample by sample, easier to think about
        for i in range(N):
            s = scores[i, :]
            s = s - s.max()
            p = np.exp(s) / np.exp(s).sum()
            loss -= np.log(p[y[i]])

            dscore = p
            dscore[y[i]] -= 1

            grads['W2'] += np.outer(h[i, :], dscore)
            grads['b2'] += dscore
            dh = W2.dot(dscore)
            dh[h[i, :] <= 0] = 0
            grads['W1'] += np.outer(X[i, :], dh)
            grads['b1'] = dh

        loss /= N
        for k in grads:
            grads[k] /= N

        loss += reg * (np.sum(W1 ** 2) + np.sum(W2 ** 2))
        grads['W1'] += 2 * reg * W1
        grads['W2'] += 2 * reg * W2
        return loss, grads
