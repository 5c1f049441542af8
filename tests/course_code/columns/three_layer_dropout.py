import numpy as np

class Rng:
    """fixed stream so that the masks can be repeated"""
    state = np.random.RandomState(1)

def relu(z): return np.maximum(z, 0)
def sigmoid(z): return 1/(1+np.exp(-z))

def initialize_parameters(n_x, n_h1, n_h2, n_y):
    r = np.random.RandomState(0)
    parameters = {}
    sizes = [n_x, n_h1, n_h2, n_y]
    for i in (1, 2, 3):
        parameters['W%d' % i] = r.randn(sizes[i], sizes[i-1])*np.sqrt(2./sizes[i-1])
        parameters['b%d' % i] = np.zeros((sizes[i], 1))
    return parameters

def forward_propagation(X, parameters, keep_prob=0.8):
    W1, b1, W2, b2, W3, b3 = (parameters[k] for k in ('W1', 'b1', 'W2', 'b2', 'W3', 'b3'))
    # A1..: before the mask, H1..: after
    Z1 = np.dot(W1, X) + b1
    A1 = relu(Z1)
    D1 = (Rng.state.rand(*A1.shape) < keep_prob)/keep_prob
    H1 = A1*D1
    Z2 = np.dot(W2, H1) + b2
    A2 = relu(Z2)
    D2 = (Rng.state.rand(*A2.shape) < keep_prob)/keep_prob
    H2 = A2*D2
    Z3 = np.dot(W3, H2) + b3
    A3 = sigmoid(Z3)
    cache = {'Z1': Z1, 'D1': D1, 'H1': H1, 'Z2': Z2, 'D2': D2, 'H2': H2, 'A3': A3}
    return A3, cache

def compute_cost(A3, Y):
    m = Y.shape[1]
    return -1./m*np.sum(Y*np.log(A3) + (1 - Y)*np.log(1 - A3))

def backward_propagation(parameters, cache, X, Y):
    m = X.shape[1]
    dZ3 = 1./m*(cache['A3'] - Y)
    dW3 = np.dot(dZ3, cache['H2'].T)
    db3 = np.sum(dZ3, axis=1, keepdims=True)

    dH2 = np.dot(parameters['W3'].T, dZ3)
    dA2 = dH2*cache['D2']          # already divided by keep_prob
    dZ2 = dA2*(cache['Z2'] > 0)
    dW2 = np.dot(dZ2, cache['H1'].T)
    db2 = np.sum(dZ2, axis=1, keepdims=True)

    dH1 = np.dot(parameters['W2'].T, dZ2)
    dA1 = dH1*cache['D1']
    dZ1 = dA1*(cache['Z1'] > 0)
    dW1 = np.dot(dZ1, X.T)
    db1 = np.sum(dZ1, axis=1, keepdims=True)
    return dict(dW1=dW1, db1=db1, dW2=dW2, db2=db2, dW3=dW3, db3=db3)

def train(X, Y, n_h1=20, n_h2=8, lr=.1, it=2000, keep_prob=.8):
    p = initialize_parameters(X.shape[0], n_h1, n_h2, Y.shape[0])
    for i in range(it):
        A3, cache = forward_propagation(X, p, keep_prob)
        g = backward_propagation(p, cache, X, Y)
        for k in p:
            p[k] -= lr*g['d' + k]
        if i % 500 == 0:
            print(compute_cost(A3, Y))
    return p
