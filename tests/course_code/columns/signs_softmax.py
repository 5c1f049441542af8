# SIGNS digits with numpy only (the course has it in tensorflow)
import numpy as np

def convert_to_one_hot(Y, C):
    Y = np.eye(C)[Y.reshape(-1)].T
    return Y

def relu(Z):
    return Z * (Z > 0)

def softmax(Z):
    t = np.exp(Z - Z.max(axis=0))
    return t / t.sum(axis=0)

def initialize_parameters(n_x=12288, n_1=25, n_2=12, n_y=6):
    np.random.seed(1)
    W1 = np.random.randn(n_1, n_x) * np.sqrt(2 / (n_x + n_1))
    b1 = np.zeros((n_1, 1))
    W2 = np.random.randn(n_2, n_1) * np.sqrt(2 / (n_1 + n_2))
    b2 = np.zeros((n_2, 1))
    W3 = np.random.randn(n_y, n_2) * np.sqrt(2 / (n_2 + n_y))
    b3 = np.zeros((n_y, 1))
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2, "W3": W3, "b3": b3}

def forward_propagation(X, parameters):
    W1 = parameters['W1']
    b1 = parameters['b1']
    W2 = parameters['W2']
    b2 = parameters['b2']
    W3 = parameters['W3']
    b3 = parameters['b3']

    Z1 = np.dot(W1, X) + b1
    A1 = relu(Z1)
    Z2 = np.dot(W2, A1) + b2
    A2 = relu(Z2)
    Z3 = np.dot(W3, A2) + b3
    A3 = softmax(Z3)
    cache = (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3)
    return A3, cache

def compute_cost(A3, Y):
    """
    cross entropy with softmax, like tf.nn.softmax_cross_entropy_with_logits
    """
    probs = softmax(A3)
    m = Y.shape[1]
    cost = -np.sum(Y * np.log(probs)) / m
    return cost

def backward_propagation(X, Y, cache):
    m = X.shape[1]
    (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3) = cache

    dZ3 = A3 - Y
    dW3 = np.dot(dZ3, A2.T) / m
    db3 = np.sum(dZ3, axis=1, keepdims=True) / m
    dA2 = np.dot(W3.T, dZ3)
    dZ2 = np.where(A2 > 0, dA2, 0)
    dW2 = np.dot(dZ2, A1.T) / m
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m
    dA1 = np.dot(W2.T, dZ2)
    dZ1 = np.where(A1 > 0, dA1, 0)
    dW1 = np.dot(dZ1, X.T) / m
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m

    gradients = {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2, "dW3": dW3, "db3": db3}
    return gradients

def update_parameters(parameters, grads, learning_rate):
    for k in list(parameters):
        parameters[k] = parameters[k] - learning_rate * grads['d' + k]
    return parameters
