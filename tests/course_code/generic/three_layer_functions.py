import numpy as np

# 2 hidden layers + softmax, everything in plain functions.
# shapes: X (n, d), T one hot (n, k)

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def dsigmoid(a):
    return a * (1 - a)

def softmax(x):
    x = x - np.max(x, axis=1, keepdims=True)
    #return np.exp(x)/np.sum(np.exp(x))
    return np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)

def init(d, h1, h2, k):
    np.random.seed(12)
    model = {}
    model['W1'] = np.random.randn(d, h1) / np.sqrt(d)
    model['b1'] = np.zeros((1, h1))
    model['W2'] = np.random.randn(h1, h2) / np.sqrt(h1)
    model['b2'] = np.zeros((1, h2))
    model['W3'] = np.random.randn(h2, k) / np.sqrt(h2)
    model['b3'] = np.zeros((1, k))
    return model

def forward(X, model):
    a1 = sigmoid(X.dot(model['W1']) + model['b1'])
    a2 = sigmoid(a1.dot(model['W2']) + model['b2'])
    p = softmax(a2.dot(model['W3']) + model['b3'])
    return a1, a2, p

def cross_entropy(p, T):
    return -np.sum(T * np.log(p)) / len(T)

def backward(X, T, model):
    #a1, a2, p = cache
    a1, a2, p = forward(X, model)
    delta3 = (p - T) / len(X)
    dW3 = a2.T.dot(delta3)
    db3 = np.sum(delta3, axis=0, keepdims=True)

    delta2 = delta3.dot(model['W3'].T) * dsigmoid(a2)
    dW2 = a1.T.dot(delta2)
    db2 = np.sum(delta2, axis=0, keepdims=True)

    delta1 = delta2.dot(model['W2'].T)
    dW1 = X.T.dot(delta1)
    db1 = np.sum(delta1, axis=0, keepdims=True)

    return {'W1': dW1, 'b1': db1, 'W2': dW2, 'b2': db2, 'W3': dW3, 'b3': db3}

def step(model, grads, lr):
    for key in model.keys():
        model[key] = model[key] - lr * grads[key]
    return model
