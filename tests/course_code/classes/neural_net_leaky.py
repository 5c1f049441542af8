from __future__ import division
import numpy as np


class TwoLayerNet(object):
    # NB leaky relu, slope 0.01

    def __init__(self, input_size, hidden_size, output_size, std=1e-3):
        self.params = {}
        self.params['W1'] = std * np.random.randn(input_size, hidden_size)
        self.params['b1'] = np.zeros(hidden_size)
        self.params['W2'] = std * np.random.randn(hidden_size, output_size)
        self.params['b2'] = np.zeros(output_size)

    def loss(self, X, y=None, reg=0.0):
        W1, b1 = self.params['W1'], self.params['b1']
        W2, b2 = self.params['W2'], self.params['b2']
        num_train = X.shape[0]

        layer1 = X.dot(W1) + b1
        hidden = np.where(layer1 > 0, layer1, 0.01 * layer1)
        scores = hidden.dot(W2) + b2

        if y is None:
            return scores

        scores = scores - np.amax(scores, axis=1)[:, np.newaxis]
        log_sum = np.log(np.sum(np.exp(scores), axis=1))
        loss = np.sum(log_sum - scores[np.arange(num_train), y]) / num_train
        loss += reg * np.sum(W1 * W1)
        loss += reg * np.sum(W2 * W2)

        softmax = np.exp(scores - log_sum[:, np.newaxis])
        softmax[np.arange(num_train), y] -= 1

        db2 = np.sum(softmax, axis=0) / num_train
        dW2 = hidden.T.dot(softmax)
        dW2 /= num_train + 2 * reg * W2

        dlayer1 = softmax.dot(W2.T)
        dlayer1[layer1 <= 0] *= 0.01
        db1 = np.sum(dlayer1, axis=0) / num_train
        dW1 = X.T.dot(dlayer1)
        dW1 = dW1 / num_train + 2 * reg * W1

        grads = {'W1': dW1, 'W2': dW2, 'b1': db1, 'b2': db2}
        return loss, grads

    def predict(self, X):
        return np.argmax(self.loss(X), axis=1)
