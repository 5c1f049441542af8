import numpy as np


def sgd_update(w, dw, learning_rate):
    return w - learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    v = mu * v - learning_rate * dw
    return w + v, v


def hidden_layer(X, W1):
    return 1 / (1 + np.exp(-X @ W1))


def output_error(A1, W2, Y):
    E = np.exp(A1 @ W2)
    return (E / E.sum(axis=1, keepdims=True) - Y) / Y.shape[0]


def step_of_hidden_layer(X, Y, W1, W2, learning_rate):
    A1 = hidden_layer(X, W1)
    dZ1 = output_error(A1, W2, Y) @ W2.T * A1 * (1 - A1)
    return sgd_update(W1, X.T @ dZ1, learning_rate)


def step_of_output_layer(X, Y, W1, W2, learning_rate):
    A1 = hidden_layer(X, W1)
    return sgd_update(W2, A1.T @ output_error(A1, W2, Y), learning_rate)


def backward_update(X, Y, W1, W2, learning_rate):
    W1 = step_of_hidden_layer(X, Y, W1, W2, learning_rate)
    W2 = step_of_output_layer(X, Y, W1, W2, learning_rate)
    return W1, W2
