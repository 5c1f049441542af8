import numpy as np


def softmax(Z):
    E = np.exp(Z - np.max(Z, axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def cross_entropy(Z, Y):
    A = softmax(Z)
    return -np.log(A[Y.astype(bool)]).mean()


def cross_entropy_gradient(Z, Y):
    return (softmax(Z) - Y) / len(Z)


def model_forward(X, W, b):
    Z = np.zeros((len(X), len(b)))
    Z += b
    Z = X @ W.T
    return Z


def model_backward(X, Y, W, b):
    A = softmax(np.hstack((X, np.ones((len(X), 1)))) @ np.hstack((W, b[:, None])).T)
    dZ = (A - Y) / len(X)
    return dZ.T @ X, dZ.T @ np.ones(len(X))
