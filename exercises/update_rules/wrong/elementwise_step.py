import numpy as np


def sgd_update(w, dw, learning_rate):
    return w - learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    v = mu * v - learning_rate * dw
    return w + v, v


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    z = np.exp(z - np.max(z, axis=1, keepdims=True))
    return z / np.sum(z, axis=1, keepdims=True)


def backward_update(X, Y, W1, W2, learning_rate):
    n = X.shape[0]
    A = sigmoid(X @ W1)
    delta_L = (softmax(A @ W2) - Y) / n
    delta_l = delta_L @ W2.T * A * (1 - A)
    # W_L := W_L - alpha delta_L o A, W_l := W_l - alpha delta_l o X
    W_L = W2 - learning_rate * A.T @ delta_L
    W_l = W1 - learning_rate * delta_l * X
    return W_l, W_L
