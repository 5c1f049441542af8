import numpy as np


def sgd_update(w, dw, learning_rate):
    return w - learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    v = -learning_rate * dw + mu * v
    return v + w, v


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_derivative(x):
    return sigmoid(x) * (1 - sigmoid(x))


def softmax(x):
    ex = np.exp(x - np.max(x, axis=1, keepdims=True))
    return ex / np.sum(ex, axis=1, keepdims=True)


def backward_update(X, Y, W1, W2, learning_rate):
    N = X.shape[0]
    hidden = sigmoid(np.dot(X, W1))
    y_hat = softmax(np.dot(hidden, W2))
    d_out = (y_hat - Y) / N
    d_hidden = np.dot(d_out, W2.T) * sigmoid_derivative(hidden)
    return W1 - learning_rate * np.dot(X.T, d_hidden), W2 - learning_rate * np.dot(hidden.T, d_out)
