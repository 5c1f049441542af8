import math

import numpy as np


def neuron(weights, inputs, bias):
    return sum(w * a for w, a in zip(weights, inputs)) + bias


def squash(z, activation):
    return max(z, 0) if activation == "relu" else 1 / (1 + math.exp(-z))


def softmax(z):
    e = [math.exp(v) for v in z]
    return [v / sum(e) for v in e]


def forward(x, parameters, activation):
    values = [list(x)]
    L = len(parameters) // 2
    for l in range(1, L + 1):
        W, b = parameters[f"W{l}"], parameters[f"b{l}"][:, 0]
        z = [neuron(W[o], values[-1], b[o]) for o in range(len(b))]
        values.append(softmax(z) if l == L else [squash(v, activation) for v in z])
    return values


def model_forward(X, parameters, activation="relu"):
    return np.transpose([forward(x, parameters, activation)[-1] for x in X.T])


def cross_entropy(Y_hat, Y):
    return sum(-math.log(p[list(y).index(1)]) for p, y in zip(Y_hat.T, Y.T)) / len(Y.T)


def model_backward(X, Y, parameters, activation="relu"):
    n, L = X.shape[1], len(parameters) // 2
    grads = {name: np.full(p.shape, 0) for name, p in parameters.items()}
    passes = [forward(x, parameters, activation) for x in X.T]
    deltas = [[p - t for p, t in zip(values[-1], y)] for values, y in zip(passes, Y.T)]
    for l in range(L, 0, -1):
        W = parameters[f"W{l}"]
        for o in range(W.shape[0]):
            for j in range(W.shape[1]):
                grads[f"W{l}"][o, j] = sum(deltas[i][o] * passes[i][l - 1][j] for i in range(n)) / n
            grads[f"b{l}"][o, 0] = sum(deltas[i][o] for i in range(n)) / n
        new = []
        for i in range(n):
            a = passes[i][l - 1]
            slope = [float(v > 0) if activation == "relu" else v * (1 - v) for v in a]
            new.append([slope[j] * sum(W[:, j] * deltas[i]) for j in range(len(a))])
        deltas = new
    return grads
