# gradcheck: exercise two-layer-net
import numpy as np


def linear_forward(A, W, b):
    Z = np.dot(W, A) + b
    assert Z.shape == (W.shape[0], A.shape[1])
    return Z, (A, W, b)


def linear_activation_forward(A_prev, W, b, activation):
    Z, linear_cache = linear_forward(A_prev, W, b)
    if activation == "relu":
        A = np.maximum(0, Z)
    elif activation == "softmax":
        t = np.exp(Z - np.max(Z, axis=0, keepdims=True))
        A = t / np.sum(t, axis=0, keepdims=True)
    return A, (linear_cache, Z)


def relu_backward(dA, cache):
    Z = cache
    dZ = np.array(dA, copy=True)
    dZ[Z <= 0] = 0
    return dZ


def linear_backward(dZ, cache, lambd):
    A_prev, W, b = cache
    m = A_prev.shape[1]
    dW = 1 / m * np.dot(dZ, A_prev.T) + 2 * lambd * W
    db = 1 / m * np.sum(dZ, axis=1, keepdims=True)
    dA_prev = np.dot(W.T, dZ)
    return dA_prev, dW, db


def loss(X, y, W1, b1, W2, b2, reg):
    m = X.shape[0]
    Y = np.eye(len(b2))[:, y]
    A1, cache1 = linear_activation_forward(X.T, W1.T, b1.reshape(-1, 1), "relu")
    A2, cache2 = linear_activation_forward(A1, W2.T, b2.reshape(-1, 1), "softmax")
    cost = -np.sum(np.multiply(Y, np.log(A2))) / m
    cost += reg * (np.sum(np.square(W1)) + np.sum(np.square(W2)))

    dA1, dW2, db2 = linear_backward(A2 - Y, cache2[0], reg)
    _, dW1, db1 = linear_backward(relu_backward(dA1, cache1[1]), cache1[0], reg)
    return np.squeeze(cost), {"W1": dW1.T, "b1": db1.ravel(), "W2": dW2.T, "b2": db2.ravel()}
