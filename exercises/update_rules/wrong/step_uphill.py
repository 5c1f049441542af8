# gradcheck: exercise update-rules
import numpy as np


def sgd_update(w, dw, learning_rate):
    return w + learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    v = mu * v - learning_rate * dw
    return w + v, v


def backward_update(X, Y, W1, W2, learning_rate):
    N = X.shape[0]
    a = 1 / (1 + np.exp(-np.dot(X, W1)))
    s = np.dot(a, W2)
    s = np.exp(s) / np.sum(np.exp(s), axis=1, keepdims=True)
    d2 = (s - Y) / N
    d1 = np.dot(d2, W2.T) * a * (1 - a)
    W2_new = W2 - learning_rate * np.dot(a.T, d2)
    W1_new = W1 - learning_rate * np.dot(X.T, d1)
    return W1_new, W2_new
