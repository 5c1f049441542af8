import numpy as np


def layer_sizes(parameters):
    return len(parameters) // 2


def nonlinearity(name):
    table = {
        "relu": (lambda v: np.where(v > 0, v, 0), lambda v: np.where(v > 0, 1, 0)),
        "sigmoid": (lambda v: 1 / (1 + np.exp(-v)), lambda v: np.exp(-v) / (1 + np.exp(-v)) ** 2),
    }
    return table[name]


def softmax(Z):
    return np.exp(Z) / np.exp(Z).sum(axis=0, keepdims=True)


def forward(X, parameters, activation):
    f, _ = nonlinearity(activation)
    A, Z = [X], [None]
    for l in range(1, layer_sizes(parameters) + 1):
        Z.append(parameters[f"W{l}"] @ A[-1] + parameters[f"b{l}"])
        A.append(f(Z[-1]))
    A[-1] = softmax(Z[-1])
    return A, Z


def model_forward(X, parameters, activation="relu"):
    return forward(X, parameters, activation)[0][-1]


def cross_entropy(Y_hat, Y):
    return -np.sum(np.multiply(Y, np.log(Y_hat))) / Y.shape[1]


def outer_sum(D, A):
    """Sum of the outer products of the columns."""
    total = np.zeros((D.shape[0], A.shape[0]))
    for i in range(1, D.shape[1]):
        total += np.outer(D[:, i], A[:, i])
    return total


def model_backward(X, Y, parameters, activation="relu"):
    _, df = nonlinearity(activation)
    A, Z = forward(X, parameters, activation)
    D = (A[-1] - Y) / Y.shape[1]
    grads = {}
    for l in range(layer_sizes(parameters), 0, -1):
        grads[f"dW{l}"] = outer_sum(D, A[l - 1])
        grads[f"db{l}"] = D @ np.ones((D.shape[1], 1))
        if l > 1:
            D = df(Z[l - 1]) * (parameters[f"W{l}"].T @ D)
    return grads
