import numpy as np


def relu(z):
    return np.maximum(0.0, z)


def sigm(z):
    return 1.0 / (1.0 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


def model_forward(X, parameters, activation="relu"):
    phi = {"relu": relu, "sigmoid": sigm}[activation]
    a = X
    number = len(parameters) // 2
    for l in range(1, number):
        a = phi(parameters[f"W{l}"] @ a + parameters[f"b{l}"])
    return softmax(parameters[f"W{number}"] @ a + parameters[f"b{number}"])


def cross_entropy(Y_hat, Y):
    return np.einsum("mn,mn->", Y, -np.log(Y_hat)) / Y.shape[1]


def model_backward(X, Y, parameters, activation="relu"):
    phi = {"relu": relu, "sigmoid": sigm}[activation]
    number = len(parameters) // 2
    a = [X]
    for l in range(1, number):
        a.append(phi(parameters[f"W{l}"] @ a[-1] + parameters[f"b{l}"]))
    psi = softmax(parameters[f"W{number}"] @ a[-1] + parameters[f"b{number}"])

    N = X.shape[1]
    grads = {}
    dJ_dz = 1 / N * (psi - Y)
    for l in range(number, 0, -1):
        grads[f"W{l}"] = np.einsum("on,in->oi", dJ_dz, a[l - 1])
        grads[f"b{l}"] = dJ_dz * 1
        dphi = a[l - 1] * (1 - a[l - 1]) if activation == "sigmoid" else (a[l - 1] > 0)
        dJ_dz = np.einsum("oi,on->in", parameters[f"W{l}"], dJ_dz) * dphi
    return grads
