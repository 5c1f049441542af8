import numpy as np


def softmax(Z):
    e = np.exp(Z - np.max(Z, axis=1, keepdims=True))
    return np.divide(e, np.sum(e, axis=1, keepdims=True))


def cross_entropy(Z, Y):
    return np.negative(np.sum(np.multiply(Y, np.log(softmax(Z))))) / Z.shape[0]


def cross_entropy_gradient(Z, Y):
    return np.multiply(1 / Z.shape[0], np.subtract(softmax(Z), Y))


def model_forward(X, W, b):
    return np.add(np.matmul(X, np.transpose(W)), b)


def model_backward(X, Y, W, b):
    db = np.zeros(b.shape)
    dZ = cross_entropy_gradient(model_forward(X, W, b), Y)
    dW = np.matmul(np.transpose(dZ), X)
    db += np.sum(dZ)
    return dW, db
