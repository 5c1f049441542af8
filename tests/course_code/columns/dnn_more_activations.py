# extended version of the week 4 code: tanh and leaky relu as well
import numpy as np

def sigmoid(Z):
    return 1/(1+np.exp(-Z)), Z

def relu(Z):
    return np.maximum(0, Z), Z

def leaky_relu(Z, slope=0.01):
    return np.where(Z > 0, Z, slope*Z), Z

def tanh(Z):
    A = (np.exp(Z) - np.exp(-Z))/(np.exp(Z) + np.exp(-Z))
    return A, Z

def sigmoid_backward(dA, cache):
    Z = cache
    A = 1/(1+np.exp(-Z))
    return dA*(A*(1-A))

def relu_backward(dA, cache):
    Z = cache
    dZ = np.array(dA, copy=True)
    dZ[Z < 0] = 0
    return dZ

def leaky_relu_backward(dA, cache, slope=0.01):
    Z = cache
    dZ = np.array(dA, copy=True)
    dZ[Z < 0] *= slope
    return dZ

def tanh_backward(dA, cache):
    Z = cache
    t = np.tanh(Z)
    return dA*(1 - t**2)

def initialize_parameters(layer_dims, seed=None):
    if seed is not None:
        np.random.seed(seed)
    parameters = {}
    for l in range(1, len(layer_dims)):
        parameters[f'W{l}'] = np.random.randn(layer_dims[l], layer_dims[l-1])*np.sqrt(1/layer_dims[l-1])
        parameters[f'b{l}'] = np.zeros((layer_dims[l], 1))
    return parameters

def linear_forward(A_prev, W, b):
    Z = np.dot(W, A_prev) + b
    cache = (A_prev, W, b)
    return Z, cache

def linear_activation_forward(A_prev, W, b, activation):
    Z, linear_cache = linear_forward(A_prev, W, b)
    if activation == 'sigmoid':
        A, activation_cache = sigmoid(Z)
    elif activation == 'relu':
        A, activation_cache = relu(Z)
    elif activation == 'leaky_relu':
        A, activation_cache = leaky_relu(Z)
    elif activation == 'tanh':
        A, activation_cache = tanh(Z)
    else:
        print('unknown activation', activation)
        return
    return A, (linear_cache, activation_cache)

def L_model_forward(X, parameters, hidden='tanh'):
    A = X
    L = len(parameters)//2
    caches = []
    for l in range(1, L):
        A_prev = A
        A, cache = linear_activation_forward(A_prev, parameters[f'W{l}'], parameters[f'b{l}'], hidden)
        caches.append(cache)
    AL, cache = linear_activation_forward(A, parameters[f'W{L}'], parameters[f'b{L}'], 'sigmoid')
    caches.append(cache)
    return AL, caches

def compute_cost(AL, Y):
    m = Y.shape[1]
    cost = -np.mean(Y*np.log(AL + 1e-12) + (1-Y)*np.log(1-AL + 1e-12))
    return cost

def linear_backward(dZ, cache):
    A_prev, W, b = cache
    m = A_prev.shape[1]
    dW = np.dot(dZ, A_prev.T)/m
    db = np.mean(dZ, axis=1, keepdims=True)
    dA_prev = np.dot(W.T, dZ)
    return dA_prev, dW, db

def linear_activation_backward(dA, cache, activation):
    linear_cache, activation_cache = cache
    if activation == 'sigmoid':
        dZ = sigmoid_backward(dA, activation_cache)
    elif activation == 'relu':
        dZ = relu_backward(dA, activation_cache)
    elif activation == 'leaky_relu':
        dZ = leaky_relu_backward(dA, activation_cache)
    elif activation == 'tanh':
        dZ = tanh_backward(dA, activation_cache)
    dA_prev, dW, db = linear_backward(dZ, linear_cache)
    return dA_prev, dW, db

def L_model_backward(AL, Y, caches, hidden='tanh'):
    grads = {}
    L = len(caches)
    dAL = (AL - Y)/(AL*(1 - AL))
    dA_prev, grads[f'dW{L}'], grads[f'db{L}'] = linear_activation_backward(dAL, caches[L-1], 'sigmoid')
    grads[f'dA{L-1}'] = dA_prev
    for l in range(L-2, -1, -1):
        dA_prev, dW, db = linear_activation_backward(grads[f'dA{l+1}'], caches[l], hidden)
        grads[f'dA{l}'] = dA_prev
        grads[f'dW{l+1}'] = dW
        grads[f'db{l+1}'] = db
    return grads
