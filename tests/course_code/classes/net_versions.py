"""two layer net step by step: v1 = forward only, v2 = + loss, v3 = + gradient, v4 = + training"""
import numpy as np


class TwoLayerNetv1(object):

    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        self.params = {}
        self.params['W1'] = std * np.random.randn(input_size, hidden_size)
        self.params['b1'] = np.zeros(hidden_size)
        self.params['W2'] = std * np.random.randn(hidden_size, output_size)
        self.params['b2'] = np.zeros(output_size)

    def forward(self, X):
        self.a1 = X
        self.z2 = self.a1 @ self.params['W1'] + self.params['b1']
        self.a2 = self.relu(self.z2)
        self.z3 = self.a2 @ self.params['W2'] + self.params['b2']
        self.a3 = self.softmax(self.z3)
        return self.a3

    @staticmethod
    def relu(u):
        return np.maximum(0, u)

    @staticmethod
    def softmax(u):
        u = u - u.max(axis=1)[:, None]
        e = np.exp(u)
        return e / e.sum(axis=1)[:, None]


class TwoLayerNetv2(TwoLayerNetv1):

    def compute_loss(self, X, y=None, reg=0.0):
        a3 = self.forward(X)
        if y is None:
            return a3
        N = X.shape[0]
        loss = 0.0
        loss = np.mean(-np.log(a3[np.arange(N), y]))
        loss += reg * (np.linalg.norm(self.params['W1']) ** 2 + np.linalg.norm(self.params['W2']) ** 2)
        return loss


class TwoLayerNetv3(TwoLayerNetv2):

    def back_propagation(self, X, y=None, reg=0.0):
        # also runs the forward pass, so a2, a3 are fresh
        loss = self.compute_loss(X, y, reg)
        if y is None:
            return loss
        N = X.shape[0]
        grads = {}
        W1, W2 = self.params['W1'], self.params['W2']

        delta = np.zeros_like(self.a3)
        delta[np.arange(N), y] = 1
        dJ_dz3 = (self.a3 - delta) / N                     # N x C
        grads['W2'] = self.a2.T @ dJ_dz3 + 2 * reg * W2    # H x C
        grads['b2'] = dJ_dz3.sum(0)
        dJ_dz2 = (dJ_dz3 @ W2.T) * (self.z2 > 0)
        grads['W1'] = self.a1.T @ dJ_dz2 + 2 * reg * W1
        grads['b1'] = dJ_dz2.sum(0)

        return loss, grads


class TwoLayerNetv4(TwoLayerNetv3):

    def train(self, X, y, X_val, y_val, learning_rate=1e-3, learning_rate_decay=0.95,
              reg=5e-6, num_iters=100, batch_size=200, verbose=False):
        history = []
        for it in range(num_iters):
            ix = np.random.choice(X.shape[0], batch_size, replace=True)
            loss, grads = self.back_propagation(X[ix], y=y[ix], reg=reg)
            history.append(loss)
            for p in self.params:
                self.params[p] = self.params[p] - learning_rate * grads[p]
            if verbose and it % 100 == 0:
                print(f'iteration {it} / {num_iters}: loss {loss}')
        return history

    def predict(self, X):
        return self.forward(X).argmax(axis=1)
