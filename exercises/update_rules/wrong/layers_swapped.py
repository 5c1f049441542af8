import numpy as np


def sgd_update(w, dw, learning_rate):
    return w - learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    v = mu * v - learning_rate * dw
    return w + v, v


def gradients(X, Y, weights):
    """One gradient for each weight matrix."""
    A = [X]
    for W in weights[:-1]:
        A.append(1 / (1 + np.exp(-A[-1] @ W)))
    E = np.exp(A[-1] @ weights[-1])
    delta = (E / E.sum(axis=1, keepdims=True) - Y) / len(X)
    found = []
    for a, W in zip(reversed(A), reversed(weights)):
        found.append(a.T @ delta)
        delta = delta @ W.T * a * (1 - a)
    return found


def backward_update(X, Y, W1, W2, learning_rate):
    dW1, dW2 = gradients(X, Y, [W1, W2])
    return sgd_update(W1, dW1, learning_rate), sgd_update(W2, dW2, learning_rate)
