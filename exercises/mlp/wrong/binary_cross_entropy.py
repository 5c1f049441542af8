# gradcheck: exercise mlp
import numpy as np


def relu(Z):
    return np.maximum(0, Z), Z


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z)), Z


def softmax(Z):
    e = np.exp(Z - np.max(Z, axis=0, keepdims=True))
    return e / np.sum(e, axis=0, keepdims=True), Z


def linear_activation_forward(A_prev, W, b, function):
    A, Z = function(np.dot(W, A_prev) + b)
    return A, (A_prev, W, Z)


def activation_backward(dA, Z, activation):
    if activation == "relu":
        dZ = np.array(dA, copy=True)
        dZ[Z <= 0] = 0
        return dZ
    s = 1 / (1 + np.exp(-Z))
    return dA * s * (1 - s)


def model_forward(X, parameters, activation="relu"):
    caches = []
    A = X
    L = len(parameters) // 2
    hidden = relu if activation == "relu" else sigmoid
    for l in range(1, L + 1):
        function = softmax if l == L else hidden
        A, cache = linear_activation_forward(A, parameters["W" + str(l)], parameters["b" + str(l)], function)
        caches.append(cache)
    return A, caches


def cross_entropy(AL, Y):
    m = Y.shape[1]
    logprobs = np.multiply(Y, np.log(AL)) + np.multiply(1 - Y, np.log(1 - AL))
    cost = -1 / m * np.sum(logprobs)
    return float(np.squeeze(cost))


def model_backward(X, Y, parameters, activation="relu"):
    AL, caches = model_forward(X, parameters, activation)
    m = Y.shape[1]
    grads = {}
    dZ = AL - Y
    for l in range(len(caches), 0, -1):
        A_prev, W, _ = caches[l - 1]
        grads["dW" + str(l)] = 1 / m * np.dot(dZ, A_prev.T)
        grads["db" + str(l)] = 1 / m * np.sum(dZ, axis=1, keepdims=True)
        if l > 1:
            dZ = activation_backward(np.dot(W.T, dZ), caches[l - 2][2], activation)
    return grads
