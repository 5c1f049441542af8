import numpy as np


def sgd_update(w, dw, learning_rate):
    """One step of gradient descent."""
    return w - learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    """One step with momentum."""
    v = mu * v - learning_rate * dw
    w = w + v
    return w


def activation(z):
    return 1 / (1 + np.exp(-z))


def backward_update(X, Y, W1, W2, learning_rate):
    """One step of gradient descent for the network of the handout."""
    n = len(X)
    A = activation(X @ W1)
    scores = A @ W2
    P = np.exp(scores - np.logaddexp.reduce(scores, axis=1, keepdims=True))
    D = (P - Y) / n
    W1_new = W1 - learning_rate * X.T @ (D @ W2.T * A * (1 - A))
    W2_new = W2 - learning_rate * A.T @ D
    return W1_new, W2_new
