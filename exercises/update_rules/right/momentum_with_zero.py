"""Plain gradient descent is momentum with mu = 0, so there is one rule only."""
import numpy as np


def momentum_update(w, dw, v, learning_rate, mu):
    def new_velocity(v_jk, dw_jk):
        return mu * v_jk - learning_rate * dw_jk

    v = np.vectorize(new_velocity)(v, dw)
    w = np.sum([w, v], axis=0)
    return w, v


def sgd_update(w, dw, learning_rate):
    w, _ = momentum_update(w, dw, np.zeros_like(w), learning_rate, mu=0)
    return w


def sigmoid(z, *, prime=False):
    a = 1 / (1 + np.exp(-z))
    return a * (1 - a) if prime else a


def deltas(y_hat, y, zs, weights):
    """delta of every layer, the last one first."""
    yield y_hat - y
    delta = y_hat - y
    for z, W in zip(reversed(zs[:-1]), reversed(weights)):
        delta = delta @ W.T * sigmoid(z, prime=True)
        yield delta


def backward_update(X, Y, W1, W2, learning_rate):
    weights, zs, inputs = (W1, W2), [], [X]
    for W in weights:
        zs.append(inputs[-1] @ W)
        inputs.append(sigmoid(zs[-1]))
    y_hat = np.exp(zs[-1] - np.logaddexp.reduce(zs[-1], axis=1, keepdims=True))
    new = []
    for W, a, delta in zip(reversed(weights), reversed(inputs[:-1]), deltas(y_hat, Y, zs, weights)):
        dW = np.mean(a[:, :, None] * delta[:, None, :], axis=0)
        new.append(sgd_update(W, dW, learning_rate))
    W2_new, W1_new = new
    return W1_new, W2_new
