# gradcheck: exercise update-rules
import numpy as np


def sgd_update(w, dw, learning_rate):
    w -= learning_rate * dw
    return w


def momentum_update(w, dw, v, learning_rate, mu):
    v *= mu
    v -= learning_rate * dw
    w += v
    return [w, v]


def backward_update(X, Y, W1, W2, learning_rate):
    N = X.shape[0]
    weights = [W1, W2]

    # forward
    activations = [X]
    for l, W in enumerate(weights):
        Z = np.dot(activations[l], W)
        activations.append(1 / (1 + np.exp(-Z)))
    activations[-1] = np.exp(Z) / np.exp(Z).sum(axis=1).reshape(N, 1)

    # backward
    delta = activations[-1] - Y
    grads = []
    for l in range(len(weights) - 1, -1, -1):
        grads.insert(0, np.dot(activations[l].T, delta) / N)
        delta = np.dot(delta, weights[l].T) * activations[l] * (1 - activations[l])

    # update
    for W, grad in zip(weights, grads):
        sgd_update(W, grad, learning_rate)
    return W1, W2
