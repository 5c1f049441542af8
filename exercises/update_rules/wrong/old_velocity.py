import numpy as np


def sgd_update(w, dw, learning_rate):
    return w - dw * learning_rate


def momentum_update(w, dw, v, learning_rate, mu):
    v_new = mu * v - learning_rate * dw
    w_new = w + v
    return w_new, v_new


def f(z):
    return np.exp(z) / (1 + np.exp(z))


def df(z):
    return f(z) * (1 - f(z))


def backward_update(X, Y, W1, W2, learning_rate):
    z1 = X @ W1
    z2 = f(z1) @ W2
    p = np.exp(z2)
    for i in range(len(p)):
        p[i] = p[i] / np.sum(p[i])
    g2 = (p - Y) / len(Y)
    g1 = g2 @ W2.T * df(z1)
    return W1 - learning_rate * X.T @ g1, W2 - learning_rate * f(z1).T @ g2
