import numpy as np

LEARNING_RATE = 0.1
MU = 0.9


def sgd_update(w, dw, learning_rate=LEARNING_RATE):
    return w - learning_rate * dw


def momentum_update(w, dw, learning_rate=LEARNING_RATE, mu=MU):
    v = np.zeros(w.shape)
    v = mu * v - learning_rate * dw
    return w + v, v


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def softmax(Z):
    return np.exp(Z) / np.sum(np.exp(Z), axis=1).reshape(-1, 1)


def backward_update(X, Y, W1, W2, learning_rate=LEARNING_RATE):
    A1 = sigmoid(np.dot(X, W1))
    A2 = softmax(np.dot(A1, W2))
    dZ2 = (A2 - Y) / X.shape[0]
    dZ1 = np.dot(dZ2, W2.T) * A1 * (1 - A1)
    return sgd_update(W1, np.dot(X.T, dZ1), learning_rate), sgd_update(W2, np.dot(A1.T, dZ2), learning_rate)
