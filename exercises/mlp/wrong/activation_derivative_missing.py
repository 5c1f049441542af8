import numpy as np


def act(Z, activation):
    if activation == "relu":
        return np.maximum(0, Z)
    return 1 / (1 + np.exp(-Z))


def softmax(Z):
    e = np.exp(Z - np.max(Z, axis=0, keepdims=True))
    return e / np.sum(e, axis=0, keepdims=True)


def model_forward(X, parameters, activation="relu"):
    L = len(parameters) // 2
    A = X
    caches = []
    for l in range(1, L + 1):
        Z = np.dot(parameters["W" + str(l)], A) + parameters["b" + str(l)]
        caches.append((A, Z))
        A = softmax(Z) if l == L else act(Z, activation)
    return A, caches


def cross_entropy(Y_hat, Y):
    m = Y.shape[1]
    return -1 / m * np.sum(Y * np.log(Y_hat))


def model_backward(X, Y, parameters, activation="relu"):
    grads = {}
    m = X.shape[1]
    A, caches = model_forward(X, parameters, activation)
    L = len(caches)
    dZ = (A - Y) / m
    for l in range(L, 0, -1):
        A_prev, _ = caches[l - 1]
        grads["dW" + str(l)] = np.dot(dZ, A_prev.T)
        grads["db" + str(l)] = np.sum(dZ, axis=1, keepdims=True)
        dZ = np.dot(parameters["W" + str(l)].T, dZ)
    return grads
