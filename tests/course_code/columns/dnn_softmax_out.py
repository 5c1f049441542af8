import numpy as np

np.random.seed(42)

def softmax(Z):
    """columns are samples"""
    e = np.exp(Z - np.max(Z, axis=0, keepdims=True))
    A = e / np.sum(e, axis=0, keepdims=True)
    return A, Z


def relu(Z):
    return np.maximum(0., Z), Z


def relu_backward(dA, cache):
    Z = cache
    dZ = dA * (Z > 0)
    return dZ


def softmax_backward(Y, cache):
    # not the jacobian: gradient of the cross entropy through softmax in one go
    AL, _ = softmax(cache)
    return AL - Y


def one_hot(y, C):
    Y = np.zeros((C, y.size))
    Y[y.ravel(), np.arange(y.size)] = 1
    return Y


def linear_forward(A, W, b):
    Z = np.dot(W, A) + b
    return Z, (A, W, b)


def linear_activation_forward(A_prev, W, b, activation):
    Z, linear_cache = linear_forward(A_prev, W, b)
    if activation == "softmax":
        A, activation_cache = softmax(Z)
    elif activation == "relu":
        A, activation_cache = relu(Z)
    return A, (linear_cache, activation_cache)


def L_model_forward(X, parameters):
    caches = []
    A = X
    L = len(parameters) // 2
    for l in range(1, L):
        A, cache = linear_activation_forward(A, parameters['W' + str(l)], parameters['b' + str(l)], "relu")
        caches.append(cache)
    AL, cache = linear_activation_forward(A, parameters['W' + str(L)], parameters['b' + str(L)], "softmax")
    caches.append(cache)
    return AL, caches


def compute_cost(AL, Y):
    """Y one hot, (classes, m)"""
    m = Y.shape[1]
    cost = -(1. / m) * np.sum(Y * np.log(AL))
    return cost


def linear_backward(dZ, cache):
    A_prev, W, b = cache
    m = A_prev.shape[1]
    dW = (1. / m) * np.dot(dZ, A_prev.T)
    db = (1. / m) * np.sum(dZ, axis=1, keepdims=True)
    dA_prev = np.dot(W.T, dZ)
    return dA_prev, dW, db


def L_model_backward(AL, Y, caches):
    grads = {}
    L = len(caches)
    linear_cache, activation_cache = caches[L - 1]
    dZ = softmax_backward(Y, activation_cache)
    dA_prev, dW, db = linear_backward(dZ, linear_cache)
    grads["dW" + str(L)] = dW
    grads["db" + str(L)] = db

    for l in range(L - 2, -1, -1):
        linear_cache, activation_cache = caches[l]
        dZ = relu_backward(dA_prev, activation_cache)
        dA_prev, dW, db = linear_backward(dZ, linear_cache)
        grads["dW" + str(l + 1)] = dW
        grads["db" + str(l + 1)] = db
    return grads


if __name__ == "__main__":
    X = np.random.rand(64, 500)
    y = np.random.randint(0, 10, 500)
    Y = one_hot(y, 10)
    dims = [64, 32, 16, 10]
    P = {}
    for l in range(1, 4):
        P['W' + str(l)] = np.random.randn(dims[l], dims[l - 1]) * np.sqrt(2. / dims[l - 1])
        P['b' + str(l)] = np.zeros((dims[l], 1))
    for it in range(200):
        AL, caches = L_model_forward(X, P)
        g = L_model_backward(AL, Y, caches)
        for k in P:
            P[k] -= 0.1 * g['d' + k]
        if it % 20 == 0:
            print(it, compute_cost(AL, Y))
