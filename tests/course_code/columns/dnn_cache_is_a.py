import numpy as np

# nb. activation_cache is A here and not Z, saves one exp in the backward

def sigmoid(Z):
    A = 1 / (1 + np.exp(-Z))
    return A, A

def relu(Z):
    A = Z.copy()
    A[A < 0] = 0
    return A, A

def sigmoid_backward(dA, cache):
    A = cache
    return np.multiply(dA, np.multiply(A, 1 - A))

def relu_backward(dA, cache):
    A = cache
    dZ = np.zeros(dA.shape)
    dZ[A > 0] = dA[A > 0]
    return dZ


def initialize(dims):
    params = {}
    for i, (n_in, n_out) in enumerate(zip(dims[:-1], dims[1:]), start=1):
        params["W" + str(i)] = np.random.randn(n_out, n_in) * 0.1
        params["b" + str(i)] = np.zeros((n_out, 1))
    return params


def linear_forward(A, W, b):
    Z = np.dot(W, A)
    Z = Z + b
    cache = (W, b, A)
    return Z, cache

def linear_backward(dZ, cache):
    W, b, A = cache
    m = A.shape[1]
    dA = np.dot(W.T, dZ)
    dW = (1 / m) * np.dot(dZ, A.T)
    db = (1 / m) * np.sum(dZ, axis=1).reshape(b.shape)
    return dA, dW, db

def linear_activation_forward(A_prev, W, b, activation):
    Z, linear_cache = linear_forward(A_prev, W, b)
    if activation == "sigmoid":
        A, activation_cache = sigmoid(Z)
    if activation == "relu":
        A, activation_cache = relu(Z)
    return A, (linear_cache, activation_cache)

def linear_activation_backward(dA, cache, activation):
    linear_cache, activation_cache = cache
    if activation == "sigmoid":
        dZ = sigmoid_backward(dA, activation_cache)
    if activation == "relu":
        dZ = relu_backward(dA, activation_cache)
    dA_prev, dW, db = linear_backward(dZ, linear_cache)
    return dA_prev, dW, db

def L_model_forward(X, parameters):
    A = X
    caches = []
    L = int(len(parameters) / 2)
    for l in range(1, L):
        A, cache = linear_activation_forward(A, parameters["W" + str(l)], parameters["b" + str(l)], "relu")
        caches.append(cache)
    AL, cache = linear_activation_forward(A, parameters["W" + str(L)], parameters["b" + str(L)], "sigmoid")
    caches.append(cache)
    return AL, caches

def compute_cost(AL, Y):
    m = Y.shape[1]
    cost = np.sum(np.multiply(Y, np.log(AL))) + np.sum(np.multiply(1 - Y, np.log(1 - AL)))
    cost = (-1 / m) * cost
    return cost

def L_model_backward(AL, Y, caches):
    m = Y.shape[1]
    L = len(caches)
    grads = {}
    # sigmoid + cross entropy together, no dAL needed
    dZ = AL - Y
    lin, _ = caches[L - 1]
    dA, dW, db = linear_backward(dZ, lin)
    grads["dW" + str(L)] = dW
    grads["db" + str(L)] = db
    for l in range(L - 1, 0, -1):
        #print(l, dA.shape)
        dA, dW, db = linear_activation_backward(dA, caches[l - 1], "relu")
        grads["dW" + str(l)] = dW
        grads["db" + str(l)] = db
    return grads
