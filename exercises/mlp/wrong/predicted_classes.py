from numpy import *


def act(Z, name):
    return where(Z > 0, Z, 0) if name == "relu" else 1 / (1 + exp(-Z))


def dact(A, name):
    return sign(A) if name == "relu" else A * (1 - A)


def one_hot(labels, M):
    return eye(M)[labels].T


def predict(probabilities):
    return argmax(probabilities, axis=0)


def propagate(X, parameters, name):
    A = [X]
    L = len(parameters) // 2
    for l in range(1, L):
        A.append(act(parameters[f"W{l}"] @ A[-1] + parameters[f"b{l}"], name))
    Z = parameters[f"W{L}"] @ A[-1] + parameters[f"b{L}"]
    E = exp(Z - Z.max(axis=0))
    return A, E / E.sum(axis=0)


def model_forward(X, parameters, activation="relu"):
    return propagate(X, parameters, activation)[1]


def cross_entropy(Y_hat, Y):
    return -sum(Y * log(Y_hat)) / Y.shape[1]


def model_backward(X, Y, parameters, activation="relu"):
    A, Y_hat = propagate(X, parameters, activation)
    M, n = Y.shape
    # how far the prediction is from the truth
    d = (one_hot(predict(Y_hat), M) - Y) / n
    grads = {}
    for l in range(len(A), 0, -1):
        grads[f"W{l}"] = einsum("on,in->oi", d, A[l - 1])
        grads[f"b{l}"] = einsum("on->o", d).reshape(-1, 1)
        d = einsum("oi,on->in", parameters[f"W{l}"], d) * dact(A[l - 1], activation)
    return grads
