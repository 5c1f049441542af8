import numpy as np
from functools import reduce


def sgd_update(w, dw, lr):
    return w - lr * dw


def momentum_update(w, dw, v, lr, mu):
    v = reduce(np.add, [mu * v, -lr * dw])
    return reduce(np.add, [w, v]), v


def logistic(s):
    return 0.5 * (1 + np.tanh(s / 2))


def softmax(s):
    e = np.exp(s - np.max(s))
    return e / np.sum(e)


def backward_update(X, Y, W1, W2, lr):
    h = logistic(reduce(np.dot, [X, W1]))
    p = softmax(reduce(np.dot, [h, W2]))
    d2 = (p - Y) / len(Y)
    d1 = reduce(np.multiply, [d2 @ W2.T, h, 1 - h])
    steps = (reduce(np.dot, [X.T, d1]), reduce(np.dot, [h.T, d2]))
    return tuple(sgd_update(W, dW, lr) for W, dW in zip((W1, W2), steps))
