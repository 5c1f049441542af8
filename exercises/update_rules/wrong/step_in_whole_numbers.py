import numpy as np


def sgd_update(w, dw, learning_rate):
    new_w = np.zeros(w.shape)
    for j in range(w.shape[0]):
        for k in range(w.shape[1]):
            new_w[j][k] = w[j][k] - learning_rate * dw[j][k]
    return new_w


def momentum_update(w, dw, v, learning_rate, mu):
    new_v = np.array([[0] * w.shape[1] for _ in range(w.shape[0])])
    new_w = np.array([[0.0] * w.shape[1] for _ in range(w.shape[0])])
    for j in range(w.shape[0]):
        for k in range(w.shape[1]):
            new_v[j][k] = mu * v[j][k] - learning_rate * dw[j][k]
            new_w[j][k] = w[j][k] + new_v[j][k]
    return new_w, new_v


def backward_update(X, Y, W1, W2, learning_rate):
    hidden = 1 / (1 + np.exp(-X @ W1))
    output = np.exp(hidden @ W2)
    for row in output:
        row /= row.sum()
    delta_output = (output - Y) / len(Y)
    delta_hidden = delta_output @ W2.T
    for i in range(len(hidden)):
        delta_hidden[i] *= hidden[i] * (1 - hidden[i])
    return sgd_update(W1, X.T @ delta_hidden, learning_rate), sgd_update(W2, hidden.T @ delta_output, learning_rate)
