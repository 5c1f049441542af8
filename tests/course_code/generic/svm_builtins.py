from __future__ import print_function, division
from builtins import range
from past.builtins import xrange
import numpy as np

reg = 0.01


def svm_loss(w, X, y, C=1.0):
    """
    primal svm:  reg * |w|^2 + C * mean of hinge^2
    y can be 0/1, gets changed to -1/+1
    """
    y[y == 0] = -1
    m = X.dot(w)
    m *= y
    slack = 1 - m
    slack[slack < 0] = 0
    return reg * w.dot(w) + C * np.mean(slack ** 2)


def svm_gradient(w, X, y, C=1.0):
    y[y == 0] = -1
    N = X.shape[0]
    dw = np.zeros_like(w)
    for i in xrange(N):
        s = 1 - y[i] * X[i].dot(w)
        if s > 0:
            dw += -2 * s * y[i] * X[i]
    dw *= C / N
    dw += 2 * reg * w
    return dw


def multiclass_hinge(scores, y, delta=1.0):
    """ returns loss and the gradient on the scores. overwrites scores! """
    N = scores.shape[0]
    scores -= scores[np.arange(N), y][:, None] - delta
    scores[np.arange(N), y] = 0
    np.maximum(scores, 0, out=scores)
    loss = scores.sum() / N
    scores[scores > 0] = 1
    scores[np.arange(N), y] = -scores.sum(axis=1)
    scores /= N
    return loss, scores


def train(X, y, steps=100, lr=0.1):
    w = np.zeros(X.shape[1])
    for it in range(steps):
        w -= lr * svm_gradient(w, X, y)
        if it % 20 == 0:
            print('%d: %f' % (it, svm_loss(w, X, y)))
    return w
