import numpy as np


def one_hot_to_index(Y):
    return np.argmax(Y, axis=1)


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def cross_entropy(Z, Y):
    n = Z.shape[0]
    probs = softmax(Z)
    correct = probs[np.arange(n), one_hot_to_index(Y)]
    return np.sum(np.log(correct)) / n


def cross_entropy_gradient(Z, Y):
    n = Z.shape[0]
    dZ = softmax(Z)
    dZ[np.arange(n), one_hot_to_index(Y)] -= 1
    dZ /= n
    return dZ


def model_forward(X, W, b):
    return X.dot(W.T) + b


def model_backward(X, Y, W, b):
    dZ = cross_entropy_gradient(model_forward(X, W, b), Y)
    return dZ.T.dot(X), dZ.sum(axis=0)
