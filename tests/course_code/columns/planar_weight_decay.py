import numpy as np
from math import *

LAMBDA = 0.05

def sigmoid(z):
    return 1./(1.+np.exp(-z))

def initialize_parameters(nx, nh, ny):
    rng = np.random.RandomState(0)
    return {'W1': rng.normal(0, .5, (nh, nx)), 'b1': np.zeros((nh, 1)),
            'W2': rng.normal(0, .5, (ny, nh)), 'b2': np.zeros((ny, 1))}

def forward_propagation(X, parameters):
    W1, b1, W2, b2 = [parameters[k] for k in ('W1', 'b1', 'W2', 'b2')]
    Z1 = np.dot(W1, X) + b1
    A1 = np.tanh(Z1)
    Z2 = np.dot(W2, A1) + b2
    A2 = sigmoid(Z2)
    return A2, {'Z1': Z1, 'A1': A1, 'Z2': Z2, 'A2': A2}

def compute_cost(A2, Y, parameters, lambd=LAMBDA):
    m = Y.shape[1]
    cost = -np.sum(Y*np.log(A2) + (1 - Y)*np.log(1 - A2))/m
    # regularisation
    cost += lambd*(np.sum(parameters['W1']**2) + np.sum(parameters['W2']**2))
    return cost

def backward_propagation(parameters, cache, X, Y, lambd=LAMBDA):
    m = X.shape[1]
    W1 = parameters['W1']
    W2 = parameters['W2']
    A1 = cache['A1']
    A2 = cache['A2']

    dZ2 = A2 - Y
    dW2 = np.dot(dZ2, A1.T)/m + lambd*W2
    db2 = np.sum(dZ2, axis=1, keepdims=True)/m
    dZ1 = np.dot(W2.T, dZ2)*(1 - A1**2)
    dW1 = np.dot(dZ1, X.T)/m + lambd*W1
    db1 = np.sum(dZ1, axis=1, keepdims=True)/m

    return {'dW1': dW1, 'db1': db1, 'dW2': dW2, 'db2': db2}

def train(X, Y, nh=5, eta=.8, epochs=1000):
    P = initialize_parameters(X.shape[0], nh, Y.shape[0])
    history = []
    for e in range(epochs):
        A2, cache = forward_propagation(X, P)
        history.append(compute_cost(A2, Y, P))
        g = backward_propagation(P, cache, X, Y)
        for k in P:
            P[k] = P[k] - eta*g['d' + k]
    return P, history

if __name__ == '__main__':
    rng = np.random.RandomState(1)
    X = rng.randn(2, 200)
    Y = ((X[:1]**2 + X[1:]**2) < 1)*1.
    P, h = train(X, Y)
    print(h[::100])
    print('acc', np.mean((forward_propagation(X, P)[0] > .5) == Y))
