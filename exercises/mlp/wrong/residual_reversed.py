import numpy as np


def fwd(X, P, act):
    cache = [X]
    A = X
    k = 1
    while f"W{k}" in P:
        Z = P[f"W{k}"] @ A + P[f"b{k}"]
        last = f"W{k + 1}" not in P
        if last:
            A = np.exp(Z - Z.max(axis=0)) / np.exp(Z - Z.max(axis=0)).sum(axis=0)
        elif act == "relu":
            A = np.where(Z > 0, Z, 0.0)
        else:
            A = 1 / (1 + np.exp(-Z))
        cache.append(A)
        k += 1
    return A, cache


def model_forward(X, parameters, activation="relu"):
    return fwd(X, parameters, activation)


def cross_entropy(Y_hat, Y):
    return -np.average(np.sum(Y * np.log(Y_hat), axis=0))


def model_backward(X, Y, parameters, activation="relu"):
    y_hat, cache = fwd(X, parameters, activation)
    n = Y.shape[1]
    error = Y - y_hat
    grads = {}
    for k in range(len(cache) - 1, 0, -1):
        A = cache[k - 1]
        grads[f"dW{k}"] = 1 / n * error @ A.T
        grads[f"db{k}"] = 1 / n * error.sum(axis=1, keepdims=True)
        error = parameters[f"W{k}"].T @ error
        error *= (A > 0) if activation == "relu" else A * (1 - A)
    return grads
