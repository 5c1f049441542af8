import numpy as np


def softmax(Z):
    biggest = np.max(Z, axis=1, keepdims=True)
    numerator = np.exp(Z - biggest)
    denominator = np.sum(np.exp(Z), axis=1, keepdims=True)
    return numerator / denominator


def cross_entropy(Z, Y):
    A = softmax(Z)
    return -np.sum(Y * np.log(A)) / len(Z)


def cross_entropy_gradient(Z, Y):
    A = softmax(Z)
    return (A - Y) / len(Z)


def model_forward(X, W, b):
    return X @ W.T + b


def model_backward(X, Y, W, b):
    dZ = cross_entropy_gradient(model_forward(X, W, b), Y)
    dW = np.zeros_like(W)
    for i in range(len(X)):
        dW += dZ[i].reshape(-1, 1) @ X[i].reshape(1, -1)
    return dW, np.sum(dZ, axis=0)
