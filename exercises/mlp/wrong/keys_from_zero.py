import numpy as np


def act(Z, activation):
    return np.maximum(0, Z) if activation == "relu" else 1 / (1 + np.exp(-Z))


def softmax(Z):
    E = np.exp(Z)
    return E / E.sum(axis=0)


def model_forward(X, parameters, activation="relu"):
    caches = []
    A = X
    L = len(parameters) // 2
    for l in range(L):
        A_prev = A
        Z = np.dot(parameters["W" + str(l + 1)], A_prev) + parameters["b" + str(l + 1)]
        A = softmax(Z) if l == L - 1 else act(Z, activation)
        caches.append((A_prev, parameters["W" + str(l + 1)], Z))
    return A, caches


def cross_entropy(Y_hat, Y):
    m = Y.shape[1]
    return -np.sum(np.multiply(Y, np.log(Y_hat))) / m


def linear_backward(dZ, cache):
    A_prev, W, _ = cache
    return np.dot(W.T, dZ), np.dot(dZ, A_prev.T), np.sum(dZ, axis=1, keepdims=True)


def model_backward(X, Y, parameters, activation="relu"):
    grads = {}
    AL, caches = model_forward(X, parameters, activation)
    L = len(caches)
    dZ = (AL - Y) / Y.shape[1]
    for l in reversed(range(L)):
        dA, dW, db = linear_backward(dZ, caches[l])
        grads.update({"dW" + str(l): dW, "db" + str(l): db})
        if l > 0:
            Z = caches[l - 1][2]
            dZ = dA * (Z > 0) if activation == "relu" else dA * act(Z, activation) * (1 - act(Z, activation))
    return grads
