import numpy as np


def sgd_update(w, dw, learning_rate):
    return w - learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    v = mu * v - learning_rate * dw
    return w + v, v


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def backward_update(X, Y, W1, W2, learning_rate):
    n = X.shape[0]
    h = sigmoid(np.dot(X, W1))
    y_hat = softmax(np.dot(h, W2))
    error = y_hat - Y
    # the same error reaches every hidden unit
    hidden_error = np.sum(error, axis=1, keepdims=True) * h * (1 - h)
    dW2 = np.dot(h.T, error) / n
    dW1 = np.dot(X.T, hidden_error) / n
    return sgd_update(W1, dW1, learning_rate), sgd_update(W2, dW2, learning_rate)
