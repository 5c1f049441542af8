"""L-layer network with L2 (lambd), he init, mini batches.
   everything (features, examples)"""
import numpy as np
import math


def relu(Z):
    A = np.maximum(0, Z)
    return A, {"Z": Z}


def sigmoid(Z):
    A = 1 / (1 + np.exp(-Z))
    return A, {"Z": Z}


def relu_backward(dA, cache):
    Z = cache["Z"]
    return dA * np.int64(Z > 0)


def sigmoid_backward(dA, cache):
    Z = cache["Z"]
    s = sigmoid(Z)[0]
    return dA * s * (1 - s)


def random_mini_batches(X, Y, mini_batch_size=64, seed=0):
    np.random.seed(seed)
    m = X.shape[1]
    permutation = list(np.random.permutation(m))
    shuffled_X = X[:, permutation]
    shuffled_Y = Y[:, permutation].reshape((1, m))
    return [(shuffled_X[:, k * mini_batch_size:(k + 1) * mini_batch_size],
             shuffled_Y[:, k * mini_batch_size:(k + 1) * mini_batch_size])
            for k in range(math.ceil(m / mini_batch_size))]


def linear_forward(A, W, b):
    Z = np.dot(W, A) + b
    return Z, {"A": A, "W": W, "b": b}


def linear_activation_forward(A_prev, W, b, activation):
    Z, linear_cache = linear_forward(A_prev, W, b)
    f = relu if activation == "relu" else sigmoid
    A, activation_cache = f(Z)
    return A, (linear_cache, activation_cache)


def L_model_forward(X, parameters):
    caches = []
    A = X
    L = len(parameters) // 2
    for l in range(1, L + 1):
        activation = "relu" if l < L else "sigmoid"
        A, cache = linear_activation_forward(A, parameters["W%i" % l], parameters["b%i" % l], activation)
        caches.append(cache)
    return A, caches


def compute_cost(AL, Y, parameters, lambd):
    m = Y.shape[1]
    cross_entropy_cost = -1. / m * np.sum(Y * np.log(AL) + (1 - Y) * np.log(1 - AL))
    L2 = 0.
    for key in parameters:
        if key.startswith("W"):
            L2 = L2 + np.sum(parameters[key] ** 2)
    L2_cost = lambd / (2. * m) * L2
    return cross_entropy_cost + L2_cost


def linear_backward(dZ, cache, lambd=0.0):
    A_prev, W = cache["A"], cache["W"]
    m = A_prev.shape[1]
    dW = 1. / m * (np.dot(dZ, A_prev.T) + lambd * W)
    db = 1. / m * np.sum(dZ, axis=1, keepdims=True)
    dA_prev = np.dot(W.T, dZ)
    return dA_prev, dW, db


def linear_activation_backward(dA, cache, activation, lambd=0.0):
    linear_cache, activation_cache = cache
    if activation == "relu":
        dZ = relu_backward(dA, activation_cache)
    elif activation == "sigmoid":
        dZ = sigmoid_backward(dA, activation_cache)
    else:
        raise ValueError(activation)
    return linear_backward(dZ, linear_cache, lambd)


def L_model_backward(AL, Y, caches, lambd):
    grads = {}
    L = len(caches)
    Y = Y.reshape(AL.shape)
    grads["dA%i" % L] = -np.divide(Y, AL) + np.divide(1 - Y, 1 - AL)
    for l in range(L, 0, -1):
        activation = "relu" if l < L else "sigmoid"
        out = linear_activation_backward(grads["dA%i" % l], caches[l - 1], activation, lambd)
        grads["dA%i" % (l - 1)], grads["dW%i" % l], grads["db%i" % l] = out
    return grads


def update_parameters(parameters, grads, learning_rate):
    for k in parameters:
        parameters[k] = parameters[k] - learning_rate * grads["d" + k]
    return parameters


def L_layer_model(X, Y, layer_dims, lambd=0.1, learning_rate=0.0075, num_epochs=50):
    parameters = {}
    for l in range(1, len(layer_dims)):
        parameters["W%i" % l] = np.random.randn(layer_dims[l], layer_dims[l - 1]) * np.sqrt(2. / layer_dims[l - 1])
        parameters["b%i" % l] = np.zeros((layer_dims[l], 1))
    for i in range(num_epochs):
        for (mx, my) in random_mini_batches(X, Y, seed=i):
            AL, caches = L_model_forward(mx, parameters)
            cost = compute_cost(AL, my, parameters, lambd)
            parameters = update_parameters(parameters, L_model_backward(AL, my, caches, lambd), learning_rate)
        print("epoch", i, cost)
    return parameters
