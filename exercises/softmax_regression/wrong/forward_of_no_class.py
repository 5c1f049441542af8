import numpy as np


def softmax(Z):
    E = np.exp(Z - np.max(Z, axis=1, keepdims=True))
    return E / np.sum(E, axis=1, keepdims=True)


def cross_entropy(Z, Y):
    return -np.sum(Y * np.log(softmax(Z))) / Y.shape[0]


def cross_entropy_gradient(Z, Y):
    return (softmax(Z) - Y) / Y.shape[0]


def model_forward(X, W, b):
    return X @ W.T + b


def model_backward(X, Y, W, b):
    # moved out of the class, was: self.model
    Z = self.model.forward(X)
    dZ = cross_entropy_gradient(Z, Y)
    dW = dZ.T @ X
    db = np.sum(dZ, axis=0)
    return dW, db
