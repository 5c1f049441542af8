# gradcheck: exercise mlp
import numpy as np


def relu(Z):
    return np.maximum(0, Z), Z


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z)), Z


def relu_backward(dA, cache):
    Z = cache
    dZ = np.array(dA, copy=True)
    dZ[Z <= 0] = 0
    assert dZ.shape == Z.shape
    return dZ


def sigmoid_backward(dA, cache):
    Z = cache
    s = 1 / (1 + np.exp(-Z))
    dZ = dA * s * (1 - s)
    assert dZ.shape == Z.shape
    return dZ


def linear_forward(A, W, b):
    return W.dot(A) + b, (A, W, b)


def linear_backward(dZ, cache):
    A_prev, W, b = cache
    m = A_prev.shape[1]
    dW = 1.0 / m * np.dot(dZ, A_prev.T)
    db = np.sum(dZ, axis=1, keepdims=True)
    dA_prev = np.dot(W.T, dZ)
    assert dA_prev.shape == A_prev.shape
    assert dW.shape == W.shape
    assert db.shape == b.shape
    return dA_prev, dW, db


def softmax(Z):
    t = np.exp(Z - Z.max(axis=0, keepdims=True))
    return t / t.sum(axis=0, keepdims=True)


def model_forward(X, parameters, activation="relu"):
    caches = []
    A = X
    L = len(parameters) // 2
    for l in range(1, L):
        Z, linear_cache = linear_forward(A, parameters["W" + str(l)], parameters["b" + str(l)])
        A, activation_cache = relu(Z) if activation == "relu" else sigmoid(Z)
        caches.append((linear_cache, activation_cache))
    ZL, linear_cache = linear_forward(A, parameters["W" + str(L)], parameters["b" + str(L)])
    caches.append((linear_cache, ZL))
    return softmax(ZL), caches


def cross_entropy(AL, Y):
    m = Y.shape[1]
    cost = -1.0 / m * np.sum(np.multiply(Y, np.log(AL)))
    return np.squeeze(cost)


def model_backward(X, Y, parameters, activation="relu"):
    AL, caches = model_forward(X, parameters, activation)
    L = len(caches)
    grads = {}
    dZ = AL - Y
    for l in reversed(range(L)):
        linear_cache, activation_cache = caches[l]
        if l < L - 1:
            dZ = relu_backward(dA, activation_cache) if activation == "relu" else sigmoid_backward(dA, activation_cache)
        dA, grads["dW" + str(l + 1)], grads["db" + str(l + 1)] = linear_backward(dZ, linear_cache)
    return grads
