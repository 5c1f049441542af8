import numpy as np


def sgd_update(w, dw, learning_rate):
    return w - learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    v = mu * v - learning_rate * dw
    w = w + v
    return w, v


def backward_update(X, Y, W1, W2, learning_rate):
    n, p = X.shape
    A1 = 1.0 / (1.0 + np.exp(-np.einsum("np,ph->nh", X, W1)))
    Z2 = np.einsum("nh,hm->nm", A1, W2)
    A2 = np.exp(Z2) / np.einsum("nm->n", np.exp(Z2))[:, None]

    dZ2 = (A2 - Y) / n
    dW2 = np.einsum("nh,nm->hm", A1, dZ2)
    dZ1 = np.einsum("nm,hm->nh", dZ2, W2)
    dW1 = np.einsum("np,nh->ph", X, dZ1)
    return W1 - learning_rate * dW1, W2 - learning_rate * dW2
