import numpy as np

velocities = {}


def sgd_update(w, dw, learning_rate):
    return w - learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    # remember the velocity of every parameter
    old = velocities.get(w.shape, v)
    new = mu * old - learning_rate * dw
    velocities[w.shape] = new
    return w + new, new


def backward_update(X, Y, W1, W2, learning_rate):
    H = 1 / (1 + np.exp(-X @ W1))
    S = np.exp(H @ W2 - np.max(H @ W2, axis=1, keepdims=True))
    S /= np.sum(S, axis=1, keepdims=True)
    D2 = (S - Y) / X.shape[0]
    D1 = D2 @ W2.T * (H - H**2)
    return sgd_update(W1, X.T @ D1, learning_rate), sgd_update(W2, H.T @ D2, learning_rate)
