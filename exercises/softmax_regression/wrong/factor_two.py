import numpy as np


def softmax(Z):
    Z = np.exp(Z - Z.max(axis=1, keepdims=True))
    return Z / Z.sum(axis=1, keepdims=True)


def log_sum_exp(Z):
    top = Z.max(axis=1)
    return top + np.log(np.exp(Z.T - top).sum(axis=0))


def cross_entropy(Z, Y):
    return np.mean(log_sum_exp(Z) - np.einsum("im,im->i", Y, Z))


def cross_entropy_gradient(Z, Y):
    # as for the squared error: 2 (prediction - truth) / n
    return 2 * (softmax(Z) - Y) / Z.shape[0]


def model_forward(X, W, b):
    return np.einsum("ij,mj->im", X, W) + b


def model_backward(X, Y, W, b):
    dZ = (softmax(model_forward(X, W, b)) - Y) / X.shape[0]
    return np.einsum("im,ij->mj", dZ, X), np.einsum("im->m", dZ)
