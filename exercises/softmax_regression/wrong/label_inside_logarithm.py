import numpy as np


def softmax(Z):
    e = np.exp(Z - np.max(Z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def cross_entropy(Z, Y):
    """L_i = -sum_m ln(y_im a_im)"""
    n = len(Y)
    A = softmax(Z)
    L = -np.log(Y * A)
    return np.sum(L) / n


def cross_entropy_gradient(Z, Y):
    return np.subtract(softmax(Z), Y) / len(Y)


def model_forward(X, W, b):
    Z = np.zeros((X.shape[0], W.shape[0]))
    for m in range(W.shape[0]):
        Z[:, m] = X.dot(W[m]) + b[m]
    return Z


def model_backward(X, Y, W, b):
    dZ = cross_entropy_gradient(model_forward(X, W, b), Y)
    dW = np.zeros(W.shape)
    for m in range(W.shape[0]):
        dW[m] = X.T.dot(dZ[:, m])
    return dW, dZ.sum(axis=0)
