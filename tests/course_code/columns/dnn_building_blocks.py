# coding: utf-8

# # Building a deep net, step by step
# exported from the notebook, cells with the tests taken out

import numpy as np

np.random.seed(1)


def sigmoid(Z):
    """
    logistic function

    Z -- pre-activation, any shape
    returns A (shape of Z) and Z itself, which the backward pass wants
    """
    A = 1/(1+np.exp(-Z))
    cache = Z
    return A, cache


def relu(Z):
    A = np.maximum(0,Z)
    assert(A.shape == Z.shape)
    cache = Z
    return A, cache


def relu_backward(dA, cache):
    """
    dA -- what arrives from above
    cache -- Z of the forward pass
    """
    Z = cache
    dZ = np.array(dA, copy=True)   # do not write into dA
    # dead where the unit was off
    dZ[Z <= 0] = 0
    assert (dZ.shape == Z.shape)
    return dZ


def sigmoid_backward(dA, cache):
    Z = cache
    s = 1/(1+np.exp(-Z))
    dZ = dA * s * (1-s)
    assert (dZ.shape == Z.shape)
    return dZ


# In[3]:

def initialize_parameters_deep(layer_dims):
    """
    layer_dims -- e.g. [12, 5, 3, 1], input first

    Returns dict "W1", "b1", ..., "WL", "bL"
        Wl (layer_dims[l], layer_dims[l-1]), bl (layer_dims[l], 1)
    """
    np.random.seed(3)
    parameters = {}
    L = len(layer_dims)

    for l in range(1, L):
        parameters['W' + str(l)] = np.random.randn(layer_dims[l], layer_dims[l-1]) * 0.01
        parameters['b' + str(l)] = np.zeros((layer_dims[l], 1))

        assert(parameters['W' + str(l)].shape == (layer_dims[l], layer_dims[l-1]))
        assert(parameters['b' + str(l)].shape == (layer_dims[l], 1))

    return parameters


# In[5]:

def linear_forward(A, W, b):
    """
    A -- (n_prev, m), the data itself in the first layer
    W -- (n_l, n_prev)
    b -- (n_l, 1)
    """
    Z = np.dot(W, A) + b
    assert(Z.shape == (W.shape[0], A.shape[1]))
    cache = (A, W, b)
    return Z, cache


# In[7]:

def linear_activation_forward(A_prev, W, b, activation):
    """
    activation -- "sigmoid" or "relu"

    Returns A and the two caches as one tuple
    """
    if activation == "sigmoid":
        Z, linear_cache = linear_forward(A_prev, W, b)
        A, activation_cache = sigmoid(Z)

    elif activation == "relu":
        Z, linear_cache = linear_forward(A_prev, W, b)
        A, activation_cache = relu(Z)

    assert (A.shape == (W.shape[0], A_prev.shape[1]))
    cache = (linear_cache, activation_cache)

    return A, cache


# In[9]:

def L_model_forward(X, parameters):
    """
    [LINEAR->RELU]*(L-1)->LINEAR->SIGMOID
    """
    caches = []
    A = X
    L = len(parameters) // 2      # W and b per layer

    for l in range(1, L):
        A_prev = A
        A, cache = linear_activation_forward(A_prev, parameters['W' + str(l)], parameters['b' + str(l)], activation = "relu")
        caches.append(cache)

    AL, cache = linear_activation_forward(A, parameters['W' + str(L)], parameters['b' + str(L)], activation = "sigmoid")
    caches.append(cache)

    assert(AL.shape == (1,X.shape[1]))
    return AL, caches


# In[11]:

def compute_cost(AL, Y):
    m = Y.shape[1]

    cost = -1/m * np.sum(Y * np.log(AL) + (1-Y) * np.log(1-AL))

    cost = np.squeeze(cost)      # scalar please
    assert(cost.shape == ())
    return cost


# In[13]:

def linear_backward(dZ, cache):
    """
    dZ -- dJ/dZ of this layer (times m ...)
    cache -- (A_prev, W, b)
    """
    A_prev, W, b = cache
    m = A_prev.shape[1]

    dW = 1/m * np.dot(dZ, A_prev.T)
    db = 1/m * np.sum(dZ, axis=1, keepdims=True)
    dA_prev = np.dot(W.T, dZ)

    assert (dA_prev.shape == A_prev.shape)
    assert (dW.shape == W.shape)
    assert (db.shape == b.shape)

    return dA_prev, dW, db


def linear_activation_backward(dA, cache, activation):
    linear_cache, activation_cache = cache

    if activation == "relu":
        dZ = relu_backward(dA, activation_cache)
        dA_prev, dW, db = linear_backward(dZ, linear_cache)

    elif activation == "sigmoid":
        dZ = sigmoid_backward(dA, activation_cache)
        dA_prev, dW, db = linear_backward(dZ, linear_cache)

    return dA_prev, dW, db


def L_model_backward(AL, Y, caches):
    """
    all gradients in a dict: dA0 .. , dW1 .. , db1 ..
    """
    grads = {}
    L = len(caches)
    m = AL.shape[1]
    Y = Y.reshape(AL.shape)

    dAL = - (np.divide(Y, AL) - np.divide(1 - Y, 1 - AL))

    current_cache = caches[L-1]
    grads["dA" + str(L-1)], grads["dW" + str(L)], grads["db" + str(L)] = linear_activation_backward(dAL, current_cache, activation = "sigmoid")

    for l in reversed(range(L-1)):
        current_cache = caches[l]
        dA_prev_temp, dW_temp, db_temp = linear_activation_backward(grads["dA" + str(l + 1)], current_cache, activation = "relu")
        grads["dA" + str(l)] = dA_prev_temp
        grads["dW" + str(l + 1)] = dW_temp
        grads["db" + str(l + 1)] = db_temp

    return grads


# In[17]:

def update_parameters(parameters, grads, learning_rate):
    L = len(parameters) // 2
    for l in range(L):
        parameters["W" + str(l+1)] = parameters["W" + str(l+1)] - learning_rate * grads["dW" + str(l + 1)]
        parameters["b" + str(l+1)] = parameters["b" + str(l+1)] - learning_rate * grads["db" + str(l + 1)]
    return parameters
