import numpy as np

sigmoid = lambda z: 1/(1+np.exp(-z))

def initialize_parameters(n_x, n_h, n_y, scale=0.01):
    W1 = np.random.randn(n_h, n_x)*scale
    b1 = np.zeros((n_h, 1))
    W2 = np.random.randn(n_y, n_h)*scale
    b2 = np.zeros((n_y, 1))
    return W1, b1, W2, b2

def forward_propagation(X, parameters):
    (W1, b1, W2, b2) = parameters
    Z1 = W1@X + b1
    A1 = np.tanh(Z1)
    Z2 = W2@A1 + b2
    A2 = sigmoid(Z2)
    return A2, (Z1, A1, W1, b1, Z2, A2, W2, b2)

def compute_cost(A2, Y):
    m = Y.shape[1]
    return -(Y@np.log(A2).T + (1-Y)@np.log(1-A2).T).item()/m

def backward_propagation(X, Y, cache):
    (Z1, A1, W1, b1, Z2, A2, W2, b2) = cache
    m = X.shape[1]
    dZ2 = A2-Y
    dW2 = dZ2@A1.T/m
    db2 = dZ2.mean(axis=1, keepdims=True)
    dA1 = W2.T@dZ2
    dZ1 = dA1*(1-np.tanh(Z1)**2)
    dW1 = dZ1@X.T/m
    db1 = dZ1.mean(axis=1, keepdims=True)
    return dZ1, dW1, db1, dZ2, dW2, db2

def update(parameters, grads, lr):
    _, dW1, db1, _, dW2, db2 = grads
    W1, b1, W2, b2 = parameters
    return W1-lr*dW1, b1-lr*db1, W2-lr*dW2, b2-lr*db2

def nn(X, Y, n_h=4, it=5000, lr=1.2):
    p = initialize_parameters(X.shape[0], n_h, Y.shape[0])
    for i in range(it):
        A2, cache = forward_propagation(X, p)
        p = update(p, backward_propagation(X, Y, cache), lr)
        if not i % 500: print(i, compute_cost(A2, Y))
    return p
