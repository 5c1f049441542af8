"""
Feed forward net kept as two python lists (weights[i] is out x in, biases[i] is out x 1).
Works on ONE column example (d x 1) at a time.
"""
import numpy as np


def make_network(sizes, scale=1.0):
    weights, biases = [], []
    for i in range(1, len(sizes)):
        weights.append(scale * np.random.randn(sizes[i], sizes[i - 1]))
        biases.append(np.random.randn(sizes[i], 1))
    return weights, biases


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def sigmoid_prime(z):
    e = np.exp(-z)
    return e / (1 + e) ** 2


def feedforward(a, weights, biases):
    for i in range(len(weights)):
        a = sigmoid(weights[i].dot(a) + biases[i])
    return a


def cost(a, y):
    d = a - y
    return 0.5 * float(np.sum(d * d))


def cost_derivative(a, y):
    return a - y


def backprop(x, y, weights, biases):
    """gradient of the cost for one example: list for the biases, list for the weights (in this order)"""
    L = len(weights)
    a = [x]
    z = []
    for i in range(L):
        z.append(weights[i].dot(a[i]) + biases[i])
        a.append(sigmoid(z[i]))

    gb, gw = [None] * L, [None] * L
    err = cost_derivative(a[L], y)
    for i in range(L - 1, -1, -1):
        err = err * sigmoid_prime(z[i])
        gb[i] = err
        gw[i] = err.dot(a[i].T)
        err = weights[i].T.dot(err)      # error of the layer below, still w/o the sigma'
    return gb, gw


def sgd_step(batch, weights, biases, eta):
    total_b = [0 * b for b in biases]
    total_w = [0 * w for w in weights]
    for x, y in batch:
        gb, gw = backprop(x, y, weights, biases)
        for i in range(len(weights)):
            total_b[i] = total_b[i] + gb[i]
            total_w[i] = total_w[i] + gw[i]
    k = eta / len(batch)
    for i in range(len(weights)):
        weights[i] -= k * total_w[i]
        biases[i] -= k * total_b[i]
