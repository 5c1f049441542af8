import numpy as np


def softmax(Z):
    e = np.exp(Z - np.max(Z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def cross_entropy(Z, Y):
    y_hat = softmax(Z)
    return -1 / len(Y) * np.sum(Y * np.log(y_hat))


def cross_entropy_gradient(Z, Y):
    n = len(Y)
    y_hat = softmax(Z)
    dJ_dyhat = -1 / n * Y / y_hat
    dyhat_dz = y_hat * (1 - y_hat)  # derivative of the softmax
    return dJ_dyhat * dyhat_dz


def model_forward(X, W, b):
    return np.matmul(X, W.T) + b


def model_backward(X, Y, W, b):
    Z = model_forward(X, W, b)
    dZ = 1 / len(Y) * (softmax(Z) - Y)
    return np.matmul(dZ.T, X), np.sum(dZ, axis=0)
