import numpy as np


def softmax(Z):
    E = np.exp(Z - np.max(Z, axis=1).reshape(-1, 1))
    return E / np.sum(E, axis=1).reshape(-1, 1)


def cross_entropy(Z, Y):
    return np.mean(-np.log(np.sum(softmax(Z) * Y, axis=1)))


def cross_entropy_gradient(Z, Y):
    return (softmax(Z) - Y) / Z.shape[0]


def model_forward(X, W, b):
    return X @ W.T + b


def model_backward(X, Y, W, b):
    Z = model_forward(X, W, b)
    y_hat = softmax(Z)
    dZ = cross_entropy_gradient(y_hat, Y)
    dW = dZ.T @ X
    db = np.sum(dZ, axis=0)
    return dW, db
