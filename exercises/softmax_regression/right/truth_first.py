# Softmax regression, arguments as in the lecture: truth first
import numpy as np


def softmax(Z):
    return np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True))


def cross_entropy(targets, outputs):
    return np.einsum("nk,nk->", targets, np.logaddexp.reduce(outputs, axis=1, keepdims=True) - outputs) / len(outputs)


def cross_entropy_gradient(targets, outputs):
    return -(targets - softmax(outputs)) / targets.shape[0]


def model_forward(W, b, X):
    bias = np.broadcast_to(b, (len(X), len(b)))
    return np.einsum("kd,nd->nk", W, X) + bias


def model_backward(W, b, X, Y):
    g = cross_entropy_gradient(Y, model_forward(W, b, X))
    return np.einsum("nk,nd->kd", g, X), np.einsum("nk->k", g)
