from functools import reduce
from numpy import *


def sgd_update(w, dw, learning_rate):
    return subtract(w, multiply(learning_rate, dw))


def momentum_update(w, dw, v, learning_rate, mu):
    v = add(multiply(mu, v), multiply(-learning_rate, dw))
    return add(w, v), v


def gradients(sample, W1, W2):
    x, y = sample
    h = 1 / (1 + exp(-dot(x, W1)))
    s = exp(dot(h, W2))
    delta_k = s / sum(s) - y
    delta_j = h * (1 - h) * dot(W2, delta_k)
    return outer(x, delta_j), outer(h, delta_k)


def backward_update(X, Y, W1, W2, learning_rate):
    both = [gradients(sample, W1, W2) for sample in zip(X, Y)]
    dW1, dW2 = reduce(lambda total, g: (total[0] + g[0], total[1] + g[1]), both)
    n = len(both)
    W1, W2 = sgd_update(W1, dW1 / n, learning_rate), sgd_update(W2, dW2 / n, learning_rate)
    return W1, W2
