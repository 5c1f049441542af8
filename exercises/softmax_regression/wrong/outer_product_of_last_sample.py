import numpy as np


def softmax(Z):
    out = []
    for z in Z:
        e = np.exp(z - z.max())
        out.append(e / e.sum())
    return np.array(out)


def cross_entropy(Z, Y):
    total = 0
    for a, y in zip(softmax(Z), Y):
        total += -np.dot(y, np.log(a))
    return total / len(Z)


def cross_entropy_gradient(Z, Y):
    return np.array([a - y for a, y in zip(softmax(Z), Y)]) / len(Z)


def model_forward(X, W, b):
    return np.array([np.dot(W, x) + b for x in X])


def model_backward(X, Y, W, b):
    n = len(X)
    A = softmax(model_forward(X, W, b))
    dW, db = np.zeros(W.shape), np.zeros(b.shape)
    for x, y, a in zip(X, Y, A):
        delta = (a - y) / n
        dW = np.outer(delta, x)
        db += delta
    return dW, db
