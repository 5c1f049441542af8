import numpy as np


def softmax(Z):
    E = np.exp(Z - np.max(Z, axis=0))
    return E / np.sum(E, axis=0)


def activate(Z, activation):
    return np.maximum(Z, 0) if activation == "relu" else 1 / (1 + np.exp(-Z))


def forward_with_caches(X, parameters, activation):
    L = len(parameters) // 2
    caches = [(X, X)]
    for l in range(1, L + 1):
        _, A = caches[-1]
        Z = np.dot(parameters["W" + str(l)], A) + parameters["b" + str(l)]
        A = softmax(Z) if l == L else activate(Z, activation)
        caches.append((Z, A))
    return A, caches


def model_forward(X, parameters, activation="relu"):
    return forward_with_caches(X, parameters, activation)


def cross_entropy(Y_hat, Y):
    return np.sum(-Y * np.log(Y_hat)) / Y.shape[1]


def backward_one_layer(dZ, W, cache, activation):
    A, Z = cache
    dW = np.dot(dZ, A.T)
    db = np.sum(dZ, axis=1, keepdims=True)
    dA = np.dot(W.T, dZ)
    if activation == "relu":
        dZ = dA * (Z > 0)
    else:
        S = activate(Z, activation)
        dZ = dA * S * (1 - S)
    return dW, db, dZ


def model_backward(X, Y, parameters, activation="relu"):
    A, caches = forward_with_caches(X, parameters, activation)
    caches.pop()
    dZ = (A - Y) / Y.shape[1]
    grads = {}
    for l in range(len(caches), 0, -1):
        W = parameters["W" + str(l)]
        grads["dW" + str(l)], grads["db" + str(l)], dZ = backward_one_layer(dZ, W, caches.pop(), activation)
    return grads
