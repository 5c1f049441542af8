import numpy as np


def sgd_update(w, dw, learning_rate):
    return np.subtract(w, learning_rate * dw)


def momentum_update(w, dw, v, learning_rate, mu):
    v = np.multiply(mu, v) - learning_rate * dw
    return np.add(w, v), v


def forward(X, W1, W2):
    a = 1 / (1 + np.exp(-np.matmul(X, W1)))
    z = np.matmul(a, W2)
    z = z - z.max(axis=1, keepdims=True)
    return a, np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def backward_update(X, Y, W1, W2, learning_rate):
    a, y_hat = forward(X, W1, W2)
    delta = (Y - y_hat) / X.shape[0]
    hidden_delta = np.matmul(delta, W2.T) * a * (1 - a)
    # w := w - alpha * delta * input
    W2_new = W2 - learning_rate * np.matmul(a.T, delta)
    W1_new = W1 - learning_rate * np.matmul(X.T, hidden_delta)
    return W1_new, W2_new
