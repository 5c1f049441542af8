from __future__ import print_function

from builtins import range
from builtins import object
import numpy as np
#import matplotlib.pyplot as plt


class TwoLayerNet(object):
    """
    input - fully connected layer - ReLU - fully connected layer - softmax

    X is (N, D), hidden layer has H units, C classes out. weights live in
    self.params under W1, b1, W2, b2.
    """

    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        self.params = {}
        self.params['W1'] = std * np.random.randn(input_size, hidden_size)
        self.params['b1'] = np.zeros(hidden_size)
        self.params['W2'] = std * np.random.randn(hidden_size, output_size)
        self.params['b2'] = np.zeros(output_size)

    def loss(self, X, y=None, reg=0.0):
        """
        y None -> scores (N, C)
        else  -> (loss, grads), grads has the same keys as self.params
        """
        W1, b1 = self.params['W1'], self.params['b1']
        W2, b2 = self.params['W2'], self.params['b2']
        N, D = X.shape

        # forward
        scores = None
        h1 = X.dot(W1) + b1
        h1_relu = np.maximum(0, h1)
        scores = h1_relu.dot(W2) + b2
        #print(scores.shape)

        if y is None:
            return scores

        loss = None
        scores -= np.max(scores, axis=1, keepdims=True)   # num. stability
        exp_scores = np.exp(scores)
        probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
        correct_logprobs = -np.log(probs[np.arange(N), y])
        loss = np.sum(correct_logprobs) / N
        loss += reg * (np.sum(W1 * W1) + np.sum(W2 * W2))

        # backward
        grads = {}
        dscores = probs
        dscores[np.arange(N), y] -= 1
        dscores /= N

        grads['W2'] = np.dot(h1_relu.T, dscores) + 2 * reg * W2
        grads['b2'] = np.sum(dscores, axis=0)

        dh = np.dot(dscores, W2.T)
        dh[h1_relu <= 0] = 0

        grads['W1'] = np.dot(X.T, dh) + 2 * reg * W1
        grads['b1'] = np.sum(dh, axis=0)

        return loss, grads

    def train(self, X, y, X_val, y_val,
              learning_rate=1e-3, learning_rate_decay=0.95,
              reg=5e-6, num_iters=100,
              batch_size=200, verbose=False):
        num_train = X.shape[0]
        iterations_per_epoch = max(num_train / batch_size, 1)

        loss_history = []
        train_acc_history = []
        val_acc_history = []

        for it in range(num_iters):
            idx = np.random.choice(num_train, batch_size)
            X_batch = X[idx]
            y_batch = y[idx]

            loss, grads = self.loss(X_batch, y=y_batch, reg=reg)
            loss_history.append(loss)

            for key in self.params:
                self.params[key] -= learning_rate * grads[key]

            if verbose and it % 100 == 0:
                print('iteration %d / %d: loss %f' % (it, num_iters, loss))

            if it % iterations_per_epoch == 0:
                train_acc_history.append((self.predict(X_batch) == y_batch).mean())
                val_acc_history.append((self.predict(X_val) == y_val).mean())
                learning_rate *= learning_rate_decay

        return {
          'loss_history': loss_history,
          'train_acc_history': train_acc_history,
          'val_acc_history': val_acc_history,
        }

    def predict(self, X):
        return np.argmax(self.loss(X), axis=1)
