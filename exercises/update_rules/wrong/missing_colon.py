# gradcheck: exercise update-rules
import numpy as np


def sgd_update(w, dw, learning_rate):
    return w - learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu)
    v = mu * v - learning_rate * dw
    return w + v, v


def backward_update(X, Y, W1, W2, learning_rate):
    h = 1 / (1 + np.exp(-X @ W1))
    s = np.exp(h @ W2)
    s /= s.sum(axis=1, keepdims=True)
    d = (s - Y) / len(X)
    dW2 = h.T @ d
    dW1 = X.T @ (d @ W2.T * h * (1 - h))
    return sgd_update(W1, dW1, learning_rate), sgd_update(W2, dW2, learning_rate)
