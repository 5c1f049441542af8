import numpy as np
from random import shuffle
try:
    from past.builtins import xrange
except ImportError:
    xrange = range


def softmax_loss_naive(W, X, y, reg):
    """
    Softmax loss function, with explicit loops.

    - W: weights (D, C)
    - X: minibatch (N, D)
    - y: labels (N,)
    - reg: (float) regularization strength

    Returns loss and the gradient dW
    """
    loss = 0.0
    dW = np.zeros_like(W)
    num_train = X.shape[0]
    num_classes = W.shape[1]
    for i in xrange(num_train):
        scores = X[i].dot(W)
        scores -= np.max(scores)
        sum_exp = np.sum(np.exp(scores))
        loss += -scores[y[i]] + np.log(sum_exp)
        for j in xrange(num_classes):
            p = np.exp(scores[j]) / sum_exp
            if j == y[i]:
                dW[:, j] += (p - 1) * X[i]
            else:
                dW[:, j] += p * X[i]
    loss /= num_train
    dW /= num_train
    loss += 0.5 * reg * np.sum(W * W)
    dW += reg * W
    return loss, dW


def softmax_loss_vectorized(W, X, y, reg):
    """
    Same as above without loops.
    """
    num_train = X.shape[0]
    scores = X.dot(W)
    scores -= scores.max(axis=1)[:, np.newaxis]
    exp_scores = np.exp(scores)
    probs = exp_scores / exp_scores.sum(axis=1)[:, np.newaxis]
    loss = np.mean(-np.log(probs[range(num_train), y])) + 0.5 * reg * np.sum(W * W)
    probs[range(num_train), y] -= 1
    dW = X.T.dot(probs) / num_train + reg * W
    return loss, dW
