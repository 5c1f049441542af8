import numpy as np


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def cross_entropy(Z, Y):
    # L_i = ln sum_l e^{z_il} - sum_m y_im z_im
    Z = Z - Z.max(axis=1, keepdims=True)
    L = np.log(np.sum(np.exp(Z), axis=1)) - np.sum(Y * Z, axis=1)
    return L


def cross_entropy_gradient(Z, Y):
    return (softmax(Z) - Y) / len(Z)


def model_forward(X, W, b):
    return np.inner(X, W) + b


def model_backward(X, Y, W, b):
    dZ = cross_entropy_gradient(model_forward(X, W, b), Y)
    dW = np.outer(dZ[0], X[0])
    for i in range(1, len(X)):
        dW += np.outer(dZ[i], X[i])
    return dW, dZ.sum(axis=0)
