import numpy as np


def mse_loss(x, y):
    """x predictions (N, D), y targets (N, D); mean over the batch only"""
    N = x.shape[0]
    diff = x - y
    loss = 0.5 * np.sum(diff ** 2) / N
    dx = diff / N
    return loss, dx


def l1_loss(x, y):
    loss = np.abs(x - y).mean()
    return loss, np.sign(x - y) / x.size


def huber_loss(x, y, delta=1.0):
    e = x - y
    a = np.abs(e)
    quad = a < delta
    loss = np.where(quad, 0.5 * e * e, delta * a - 0.5 * delta ** 2).sum() / len(x)
    dx = np.where(quad, e, delta * np.sign(e)) / len(x)
    return loss, dx


def logcosh_loss(x, y):
    e = x - y
    return np.mean(np.log(np.cosh(e))), np.tanh(e) / e.size


def bce_with_logits(x, y):
    # y 0/1 of the same shape as x
    loss = np.maximum(x, 0) - x * y + np.log(1 + np.exp(-np.abs(x)))
    dx = 1 / (1 + np.exp(-x)) - y
    return loss.sum() / x.shape[0], dx / x.shape[0]


def poisson_nll(x, y):
    loss = np.mean(np.exp(x) - y * x)
    dx = (np.exp(x) - y) / x.size
    return loss, dx


def contrastive_loss(x1, x2, y, margin=1.0):
    """pairs of embeddings, y = 1 same, y = 0 different"""
    d = x1 - x2
    dist = np.sqrt(np.sum(d ** 2, axis=1))
    hinge = np.maximum(margin - dist, 0)
    N = len(y)
    loss = np.sum(y * dist ** 2 + (1 - y) * hinge ** 2) / (2 * N)
    coef = y - (1 - y) * hinge / dist
    dx1 = coef[:, None] * d / N
    return loss, dx1, -dx1
