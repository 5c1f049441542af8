'''
logistic regression, first w/o vectorising
(the vectorised one comes later, to compare the time)
'''
import numpy as np
import math
import time

def sigmoid(z):
    return 1.0 / (1.0 + math.exp(-z))

def propagate(w, b, X, Y):
    n, m = X.shape
    J = 0.
    dw = np.zeros((n, 1))
    db = 0.
    for i in range(m):
        z = b
        for j in range(n):
            z += w[j, 0] * X[j, i]
        a = sigmoid(z)
        J += -(Y[0, i] * math.log(a) + (1 - Y[0, i]) * math.log(1 - a))
        dz = a - Y[0, i]
        for j in range(n):
            dw[j, 0] = X[j, i] * dz
        db += dz
    J = J / m
    dw = dw / m
    db = db / m
    grads = {'dw': dw, 'db': db}
    return grads, J

def train(X, Y, steps=100, alpha=0.1):
    w = np.zeros((X.shape[0], 1))
    b = 0.
    tic = time.time()
    for it in range(steps):
        grads, J = propagate(w, b, X, Y)
        w = w - alpha * grads['dw']
        b = b - alpha * grads['db']
        if it % 10 == 0:
            print('iteration', it, 'cost', J)
    print('took', time.time() - tic, 's')
    return w, b

if __name__ == '__main__':
    np.random.seed(1)
    X = np.random.randn(3, 80)
    Y = (X.sum(axis=0, keepdims=True) > 0) * 1
    train(X, Y)
