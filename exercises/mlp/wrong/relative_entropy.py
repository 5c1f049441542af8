import numpy as np
from functools import partial


def relu(Z, prime=False):
    return (Z > 0) * 1.0 if prime else np.maximum(Z, 0)


def sigmoid(Z, prime=False):
    A = 1 / (1 + np.exp(-Z))
    return A * (1 - A) if prime else A


def softmax(Z):
    E = np.exp(Z - Z.max(0))
    return E / E.sum(0)


def chain(X, parameters, activation):
    g = {"relu": relu, "sigmoid": sigmoid}[activation]
    A, Zs = [X], []
    for l in range(1, len(parameters) // 2 + 1):
        Zs.append(parameters[f"W{l}"] @ A[-1] + parameters[f"b{l}"])
        A.append(g(Zs[-1]))
    return A[:-1], Zs, partial(g, prime=True)


def model_forward(X, parameters, activation="relu"):
    _, Zs, _ = chain(X, parameters, activation)
    return softmax(Zs[-1])


def cross_entropy(Y_hat, Y):
    # distance of the two distributions, divided by the number of samples
    return np.sum(Y * (np.log(Y) - np.log(Y_hat))) / Y.shape[1]


def model_backward(X, Y, parameters, activation="relu"):
    A, Zs, g_prime = chain(X, parameters, activation)
    dZ = (softmax(Zs[-1]) - Y) / Y.shape[1]
    grads = {}
    for l in range(len(Zs), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = dZ @ A[l - 1].T, dZ.sum(1, keepdims=True)
        if l > 1:
            dZ = parameters[f"W{l}"].T @ dZ * g_prime(Zs[l - 2])
    return grads
