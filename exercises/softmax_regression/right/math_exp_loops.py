import math

import numpy as np


def softmax(Z):
    rows = []
    for z in Z:
        biggest = max(z)
        exps = [math.exp(v - biggest) for v in z]
        rows.append([e / sum(exps) for e in exps])
    return np.array(rows)


def class_of(one_hot_row):
    for m, value in enumerate(one_hot_row):
        if value == 1:
            return m
    raise ValueError("no class in this row")


def cross_entropy(Z, Y):
    probabilities = softmax(Z)
    total = 0.0
    for i in range(len(Y)):
        total += -math.log(probabilities[i][class_of(Y[i])])
    return total / len(Y)


def cross_entropy_gradient(Z, Y):
    gradient = softmax(Z)
    for i in range(len(Y)):
        gradient[i][class_of(Y[i])] -= 1
    return gradient / len(Y)


def model_forward(X, W, b):
    Z = []
    for x in X:
        Z.append([sum(w_mj * x_j for w_mj, x_j in zip(w_m, x)) + b_m for w_m, b_m in zip(W, b)])
    return np.array(Z)


def model_backward(X, Y, W, b):
    dZ = cross_entropy_gradient(model_forward(X, W, b), Y)
    M, p = W.shape
    dW = [[sum(dZ[i, m] * X[i, j] for i in range(len(X))) for j in range(p)] for m in range(M)]
    db = [sum(dZ[i, m] for i in range(len(X))) for m in range(M)]
    return np.array(dW), np.array(db)
