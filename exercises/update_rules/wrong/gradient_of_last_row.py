from numpy import *


def sgd_update(w, dw, learning_rate):
    return w - learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    v_t = mu * v - learning_rate * dw
    return w + v_t, v_t


def forward(x, W1, W2):
    h = 1 / (1 + exp(-dot(x, W1)))
    o = exp(dot(h, W2))
    return h, o / o.sum()


def backward_update(X, Y, W1, W2, learning_rate):
    n = len(X)
    grad2 = zeros(W2.shape)
    for x, y in zip(X, Y):
        h, o = forward(x, W1, W2)
        delta_k = (o - y) / n
        delta_j = dot(W2, delta_k) * h * (1 - h)
        grad2 += outer(h, delta_k)
        grad1 = outer(x, delta_j)
    return sgd_update(W1, grad1, learning_rate), sgd_update(W2, grad2, learning_rate)
