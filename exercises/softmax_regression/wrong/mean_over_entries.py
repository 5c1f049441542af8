import numpy as np


def softmax(Z):
    e = np.exp(Z - np.amax(Z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def cross_entropy(Z, Y):
    log_likelihood = Y * np.log(softmax(Z))
    return -np.mean(log_likelihood)


def cross_entropy_gradient(Z, Y):
    grad = softmax(Z)
    grad[np.arange(len(Y)), Y.argmax(axis=1)] -= 1
    return grad / len(Y)


def model_forward(X, W, b):
    return X.dot(W.T) + b


def model_backward(X, Y, W, b):
    grad = cross_entropy_gradient(model_forward(X, W, b), Y)
    return grad.T.dot(X), np.sum(grad, axis=0)
