import numpy as np


def softmax(Z):
    P = np.exp(Z - Z.max(axis=1, keepdims=True))
    P /= P.sum(axis=1, keepdims=True)
    return P


def cross_entropy(Z, Y):
    y = Y.argmax(axis=1)
    P = softmax(Z)
    return -np.log(P[np.arange(len(y)), y]).mean()


def cross_entropy_gradient(Z, Y):
    y = Y.argmax(axis=1)
    P = softmax(Z)
    P[np.arange(len(y)), y] -= 1
    return P / len(y)


def model_forward(X, W, b):
    return X.dot(W.T) + b


def model_backward(X, Y, W, b):
    num_train = X.shape[0]
    y = Y.argmax(axis=1)
    P = softmax(model_forward(X, W, b))
    dW = P.T.dot(X)
    dW[y] -= X
    dW /= num_train
    db = (P - Y).sum(axis=0) / num_train
    return dW, db
