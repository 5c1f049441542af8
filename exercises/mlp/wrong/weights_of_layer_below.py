import numpy as np


def step(Z, activation):
    return np.maximum(Z, 0) if activation == "relu" else 1 / (1 + np.exp(-Z))


def slope(Z, activation):
    return 1.0 * (Z > 0) if activation == "relu" else step(Z, activation) * (1 - step(Z, activation))


def softmax(Z):
    E = np.exp(Z - Z.max(axis=0))
    return E / E.sum(axis=0)


def forward(X, parameters, activation):
    L = len(parameters) // 2
    A, Z = [X], [X]
    for l in range(1, L + 1):
        Z.append(np.einsum("oi,in->on", parameters[f"W{l}"], A[l - 1]) + parameters[f"b{l}"])
        A.append(step(Z[l], activation))
    return A, Z


def model_forward(X, parameters, activation="relu"):
    _, Z = forward(X, parameters, activation)
    return softmax(Z[-1])


def cross_entropy(Y_hat, Y):
    return -np.einsum("mn,mn->", Y, np.log(Y_hat)) / Y.shape[1]


def model_backward(X, Y, parameters, activation="relu"):
    A, Z = forward(X, parameters, activation)
    L = len(parameters) // 2
    delta = [None] * (L + 1)
    delta[L] = (softmax(Z[L]) - Y) / Y.shape[1]
    for l in range(L - 1, 0, -1):
        delta[l] = np.einsum("oi,on->in", parameters[f"W{l}"], delta[l + 1]) * slope(Z[l], activation)
    gradients = {}
    for l in range(1, L + 1):
        gradients[f"W{l}"] = np.einsum("on,in->oi", delta[l], A[l - 1])
        gradients[f"b{l}"] = np.einsum("on->o", delta[l])[:, None]
    return gradients
