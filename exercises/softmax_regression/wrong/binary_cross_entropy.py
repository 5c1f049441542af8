import numpy as np


def softmax(Z):
    exps = np.exp(Z - Z.max(axis=1, keepdims=True))
    return exps / exps.sum(axis=1, keepdims=True)


def cross_entropy(Z, Y):
    m = Y.shape[0]
    A = softmax(Z)
    logprobs = np.multiply(Y, np.log(A)) + np.multiply(1 - Y, np.log(1 - A))
    cost = -1 / m * np.sum(logprobs)
    cost = np.squeeze(cost)
    assert isinstance(cost, float)
    return cost


def cross_entropy_gradient(Z, Y):
    m = Y.shape[0]
    A = softmax(Z)
    return 1 / m * (A - Y)


def model_forward(X, W, b):
    Z = np.dot(W, X.T) + b.reshape(b.shape[0], 1)
    return Z.T


def model_backward(X, Y, W, b):
    dZ = cross_entropy_gradient(model_forward(X, W, b), Y)
    dW = np.dot(X.T, dZ).T
    db = np.sum(dZ, axis=0, keepdims=True)
    assert dW.shape == W.shape
    return dW, db
