import numpy as np


def softmax(Z):
    z = Z.T
    e = np.exp(z - z.max(axis=0))
    return (e / e.sum(axis=0)).T


def cross_entropy(Z, Y):
    return np.squeeze(-np.trace(Y @ np.log(softmax(Z)).T) / Y.shape[0])


def cross_entropy_gradient(Z, Y):
    m = Y.shape[0]
    return ((softmax(Z).T - Y.T) / m).T


def model_forward(X, W, b):
    return (np.dot(W, X.T) + b.reshape(-1, 1)).T


def model_backward(X, Y, W, b):
    m = X.shape[0]
    A = softmax(model_forward(X, W, b)).T
    dZ = A - Y.T
    dW = 1 / m * np.dot(dZ, X)
    db = 1 / m * np.sum(dZ, axis=1, keepdims=True)
    return dW, db
