import numpy as np


def softmax(Z):
    t = np.exp(Z - Z.max(axis=1, keepdims=True))
    return t / t.sum(axis=1, keepdims=True)


def cross_entropy(Z, Y):
    return -np.mean(np.sum(Y * np.log(softmax(Z)), axis=1))


def cross_entropy_gradient(Z, Y):
    return (softmax(Z) - Y) / Y.shape[0]


def model_forward(X, W, b):
    return (W @ X.T + b[:, None]).T


def linear_backward(dZ, A_prev):
    """dZ: (M, m), A_prev: (p, m)"""
    dW = dZ @ A_prev.T
    db = np.sum(dZ, axis=1)
    return dW, db


def model_backward(X, Y, W, b):
    m = Y.shape[1]
    A = softmax(model_forward(X, W, b))
    dW, db = linear_backward((A - Y).T, X.T)
    dW = 1 / m * dW
    db = 1 / m * db
    return dW, db
