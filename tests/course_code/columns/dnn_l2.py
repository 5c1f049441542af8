import numpy as np

def sigmoid(Z):
    A = 1/(1+np.exp(-Z))
    return A, Z

def relu(Z):
    return np.maximum(0, Z), Z

def sigmoid_backward(dA, cache):
    s = 1/(1+np.exp(-cache))
    return dA*s*(1-s)

def relu_backward(dA, cache):
    dZ = dA.copy()
    dZ[cache <= 0] = 0
    return dZ

def linear_forward(A, W, b):
    return np.dot(W, A) + b, (A, W, b)

def linear_activation_forward(A_prev, W, b, activation):
    Z, lin = linear_forward(A_prev, W, b)
    if activation == 'relu':
        A, act = relu(Z)
    else:
        A, act = sigmoid(Z)
    return A, (lin, act)

def L_model_forward(X, parameters):
    caches = []
    A = X
    L = len(parameters)//2
    for l in range(1, L):
        A, cache = linear_activation_forward(A, parameters['W'+str(l)], parameters['b'+str(l)], 'relu')
        caches.append(cache)
    AL, cache = linear_activation_forward(A, parameters['W'+str(L)], parameters['b'+str(L)], 'sigmoid')
    caches.append(cache)
    return AL, caches

def compute_cost(AL, Y):
    m = Y.shape[1]
    return -np.sum(Y*np.log(AL) + (1-Y)*np.log(1-AL))/m

def compute_cost_with_regularization(AL, Y, parameters, lambd):
    m = Y.shape[1]
    L = len(parameters)//2
    l2 = 0
    for l in range(1, L+1):
        l2 += np.sum(np.square(parameters['W'+str(l)]))
    return compute_cost(AL, Y) + lambd/(2*m)*l2

def linear_backward(dZ, cache, lambd):
    A_prev, W, b = cache
    m = A_prev.shape[1]
    # with the L2 term
    dW = np.dot(dZ, A_prev.T)/m + lambd*W
    db = np.sum(dZ, axis=1, keepdims=True)/m
    dA_prev = np.dot(W.T, dZ)
    return dA_prev, dW, db

def linear_activation_backward(dA, cache, activation, lambd):
    lin, act = cache
    if activation == 'relu':
        dZ = relu_backward(dA, act)
    else:
        dZ = sigmoid_backward(dA, act)
    return linear_backward(dZ, lin, lambd)

def L_model_backward(AL, Y, caches, lambd):
    grads = {}
    L = len(caches)
    dA = -(np.divide(Y, AL) - np.divide(1-Y, 1-AL))
    dA, grads['dW'+str(L)], grads['db'+str(L)] = linear_activation_backward(dA, caches[L-1], 'sigmoid', lambd)
    for l in reversed(range(1, L)):
        dA, dW, db = linear_activation_backward(dA, caches[l-1], 'relu', lambd)
        grads['dW'+str(l)] = dW
        grads['db'+str(l)] = db
    return grads

def model(X, Y, layers_dims, lambd=0.7, learning_rate=0.05, num_iterations=1000):
    np.random.seed(2)
    parameters = {}
    for l in range(1, len(layers_dims)):
        parameters['W'+str(l)] = np.random.randn(layers_dims[l], layers_dims[l-1])*np.sqrt(2./layers_dims[l-1])
        parameters['b'+str(l)] = np.zeros((layers_dims[l], 1))
    for i in range(num_iterations):
        AL, caches = L_model_forward(X, parameters)
        cost = compute_cost_with_regularization(AL, Y, parameters, lambd)
        grads = L_model_backward(AL, Y, caches, lambd)
        for l in range(1, len(layers_dims)):
            parameters['W'+str(l)] -= learning_rate*grads['dW'+str(l)]
            parameters['b'+str(l)] -= learning_rate*grads['db'+str(l)]
        if i % 100 == 0:
            print(i, cost)
    return parameters
