import numpy as np


def softmax(Z):
    E = np.exp(Z - np.max(Z, axis=1, keepdims=True))
    return E / np.sum(E, axis=1, keepdims=True)


def cross_entropy(Z, Y):
    A = softmax(Z)
    return -np.sum(Y * np.log(A)) / Z.shape[0]


def cross_entropy_gradient(Z, Y):
    return (softmax(Z) - Y) / Z.shape[0]


def model_forward(X, W, b):
    return X @ W.T + b


def model_backward(X, Y, W, b):
    n = X.shape[0]
    A = softmax(model_forward(X, W, b))
    dZ = (Y - A) / n
    dW = dZ.T @ X
    db = dZ.sum(axis=0)
    return dW, db
