# -*- coding: utf-8 -*-
"""
Red neuronal profunda. X es (n_x, m), Y es (1, m)
"""
import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def initialize_parameters(layer_dims):
    return {k: v
            for l in range(1, len(layer_dims))
            for k, v in (('W%d' % l, np.random.randn(layer_dims[l], layer_dims[l - 1]) * 0.1),
                         ('b%d' % l, np.zeros((layer_dims[l], 1))))}


def linear_forward(A, W, b):
    Z = W.dot(A) + b
    return Z, dict(A=A, W=W)


def linear_activation_forward(A_prev, W, b, activation):
    Z, cache = linear_forward(A_prev, W, b)
    cache['Z'] = Z
    cache['activation'] = activation
    if activation == 'sigmoid':
        A = sigmoid(Z)
    elif activation == 'relu':
        A = np.maximum(Z, 0)
    return A, cache


def L_model_forward(X, parameters):
    L = len(parameters) // 2
    caches = []
    A = X
    for l in range(L):
        activation = 'sigmoid' if l == L - 1 else 'relu'
        A, cache = linear_activation_forward(A, parameters['W%d' % (l + 1)], parameters['b%d' % (l + 1)], activation)
        caches.append(cache)
    return A, caches


def compute_cost(AL, Y):
    # entropia cruzada
    return np.mean(-Y * np.log(AL) - (1 - Y) * np.log(1 - AL))


def linear_backward(dZ, cache):
    dA_prev = cache['W'].T.dot(dZ)
    dW = dZ.dot(cache['A'].T)
    db = dZ.sum(axis=1, keepdims=True)      # sin 1/m, ya esta en dAL
    return dA_prev, dW, db


def linear_activation_backward(dA, cache):
    Z = cache['Z']
    if cache['activation'] == 'sigmoid':
        dZ = dA * sigmoid(Z) * (1 - sigmoid(Z))
    else:
        dZ = dA * (Z > 0)
    return linear_backward(dZ, cache)


def L_model_backward(AL, Y, caches):
    m = Y.shape[1]
    grads = {}
    dA = ((1 - Y) / (1 - AL) - Y / AL) / m
    for l in reversed(range(len(caches))):
        dA, dW, db = linear_activation_backward(dA, caches[l])
        grads['W%d' % (l + 1)] = dW
        grads['b%d' % (l + 1)] = db
    return grads


def update_parameters(parameters, grads, alpha):
    for k in parameters:
        parameters[k] -= alpha * grads[k]
