import numpy as np


def sgd_update(w, dw, learning_rate):
    return w - learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    return w + mu * v - learning_rate * dw, mu * v - learning_rate * dw


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e_z = np.exp(z - np.max(z))
    return e_z / e_z.sum(axis=1)[:, None]


def backward_update(X, Y, W1, W2, learning_rate):
    hidden_output = sigmoid(np.matmul(X, W1))
    outputs = softmax(np.matmul(hidden_output, W2))
    normalization_factor = Y.shape[0] * Y.shape[1]
    delta_k = -(Y - outputs) / normalization_factor
    delta_j = np.matmul(delta_k, W2.T) * hidden_output * (1 - hidden_output)
    grad_kj = np.matmul(hidden_output.T, delta_k)
    grad_ji = np.matmul(X.T, delta_j)
    return W1 - learning_rate * grad_ji, W2 - learning_rate * grad_kj
