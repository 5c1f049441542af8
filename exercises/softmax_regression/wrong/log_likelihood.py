import numpy as np


class Softmax:
    def __init__(self, logits):
        shifted = logits - logits.max(axis=1, keepdims=True)
        self.log = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.value = np.exp(self.log)


def softmax(Z):
    return Softmax(Z).value


def cross_entropy(Z, Y):
    # log-likelihood of the labels
    return np.sum(Y * Softmax(Z).log) / len(Y)


def cross_entropy_gradient(Z, Y):
    return (Y - softmax(Z)) / len(Y)


def model_forward(X, W, b):
    return np.dot(X, W.T) + b


def model_backward(X, Y, W, b):
    dZ = cross_entropy_gradient(model_forward(X, W, b), Y)
    dW, db = np.dot(dZ.T, X), np.sum(dZ, axis=0)
    return dW, db
