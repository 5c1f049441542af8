import numpy as np


def relu(Z):
    return np.maximum(Z, 0)


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def softmax(Z):
    e = np.exp(Z - np.max(Z, axis=0))
    return e / e.sum(axis=0)


def model_forward(X, parameters, activation="relu"):
    caches = []
    A = X
    L = len(parameters) // 2
    for l in range(1, L + 1):
        Z = parameters["W" + str(l)] @ A + parameters["b" + str(l)]
        caches.append((A, Z))
        if l < L:
            A = relu(Z) if activation == "relu" else sigmoid(Z)
    return softmax(Z), caches


def cross_entropy(Y_hat, Y):
    cost = -np.sum(Y * np.log(Y_hat)) / Y.shape[1]
    return cost


def model_backward(X, Y, parameters, activation="relu"):
    Y_hat, caches = model_forward(X, parameters, activation)
    grads = {}
    dZ = (Y_hat - Y) / Y.shape[1]
    for l in range(len(caches), 0, -1):
        A_prev = caches[l - 1][0]
        grads["dW" + str(l)] = dZ @ A_prev.T
        grads["db" + str(l)] = np.sum(dZ, axis=1, keepdims=True)
        dA_prev = parameters["W" + str(l)].T @ dZ
        if activation == "relu":
            dZ = dA_prev * (A_prev > 0)
        else:
            dZ = dA_prev * A_prev * (1 - A_prev)
