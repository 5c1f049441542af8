import numpy as np


class TwoLayerNetv1(object):
    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        self.params = {}
        self.params['W1'] = std * np.random.randn(input_size, hidden_size)
        self.params['b1'] = np.zeros(hidden_size)
        self.params['W2'] = std * np.random.randn(hidden_size, output_size)
        self.params['b2'] = np.zeros(output_size)

    def softmax(self, scores):
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        return scores / scores.sum(axis=1, keepdims=True)

    def forward(self, X):
        W1, b1 = self.params['W1'], self.params['b1']
        W2, b2 = self.params['W2'], self.params['b2']
        hidden = np.maximum(0, X.dot(W1) + b1)
        scores = self.softmax(hidden.dot(W2) + b2)
        return scores


class TwoLayerNetv2(TwoLayerNetv1):
    def compute_loss(self, X, y=None, reg=0.0):
        scores = self.forward(X)
        if y is None:
            return scores
        N, D = X.shape
        picked = scores[range(N), y]
        loss = -np.sum(np.log(picked)) / N
        loss += reg * (np.sum(self.params['W1'] ** 2) + np.sum(self.params['W2'] ** 2))
        return loss
