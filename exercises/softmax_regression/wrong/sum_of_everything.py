from numpy import *


def softmax(Z):
    E = exp(Z - Z.max())
    return E / sum(E)


def cross_entropy(Z, Y):
    L = log(exp(Z).sum(axis=1)) - (Z * Y).sum(axis=1)
    return L.sum() / L.size


def cross_entropy_gradient(Z, Y):
    E = exp(Z)
    return (E / E.sum(axis=1)[:, newaxis] - Y) / Z.shape[0]


def model_forward(X, W, b):
    return inner(X, W) + b


def model_backward(X, Y, W, b):
    dZ = cross_entropy_gradient(model_forward(X, W, b), Y)
    return inner(dZ.T, X.T), dZ.sum(axis=0)
