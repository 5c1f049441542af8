import numpy as np


def softmax(z):
    z = z.T
    t = np.exp(z - np.max(z, axis=0))
    return (t / np.sum(t, axis=0)).T


def cross_entropy(z, y):
    a = softmax(z)
    m = y.shape[0]
    return -1 / m * np.sum(np.multiply(y, np.log(a)))


def cross_entropy_gradient(z, y):
    a = softmax(z)
    m = y.shape[0]
    cost_derivative = (a - y) / m
    activation_derivative = a * (1 - a)
    return cost_derivative * activation_derivative


def model_forward(x, w, b):
    return (np.dot(w, x.T) + b[:, np.newaxis]).T


def model_backward(x, y, w, b):
    delta = cross_entropy_gradient(model_forward(x, w, b), y).T
    dw = np.dot(delta, x)
    db = np.sum(delta, axis=1)
    return dw, db
