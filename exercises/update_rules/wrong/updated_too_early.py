import numpy as np


def sgd_update(w, dw, learning_rate):
    return w - learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    v = mu * v - learning_rate * dw
    w = w + v
    return w, v


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def backward_update(X, Y, W1, W2, learning_rate):
    n = X.shape[0]
    # forward
    h = sigmoid(X @ W1)
    y_hat = softmax(h @ W2)

    # output layer
    delta2 = (y_hat - Y) / n
    W2 = sgd_update(W2, h.T @ delta2, learning_rate)

    # hidden layer
    delta1 = (delta2 @ W2.T) * h * (1 - h)
    W1 = sgd_update(W1, X.T @ delta1, learning_rate)
    return W1, W2
