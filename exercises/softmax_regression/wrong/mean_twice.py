import numpy as np


def softmax(Z):
    z = Z - Z.max(axis=1)[:, np.newaxis]
    return np.exp(z) / np.exp(z).sum(axis=1)[:, np.newaxis]


def cross_entropy(Z, Y):
    return np.mean(-np.sum(Y * np.log(softmax(Z)), axis=1))


def cross_entropy_gradient(Z, Y):
    n = len(Y)
    return 1 / n * (softmax(Z) - Y)


def model_forward(X, W, b):
    return np.dot(X, W.T) + b


def model_backward(X, Y, W, b):
    n = len(Y)
    Z = model_forward(X, W, b)
    dZ = cross_entropy_gradient(Z, Y)
    # average over the batch
    dW = np.dot(dZ.T, X) / n
    db = np.mean(dZ, axis=0)
    return dW, db
