# gradcheck: exercise softmax-regression
"""Softmax regression, with both mistakes mended."""

import numpy as np


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def cross_entropy(Z, Y):
    Z = Z - Z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(Z).sum(axis=1)) - (Y * Z).sum(axis=1))


def cross_entropy_gradient(Z, Y):
    return (softmax(Z) - Y) / len(Z)


def model_forward(X, W, b):
    return X @ W.T + b


def model_backward(X, Y, W, b):
    Z = model_forward(X, W, b)
    dZ = cross_entropy_gradient(Z, Y)
    dW = dZ.T @ X
    db = dZ.sum(axis=0)
    return dW, db
