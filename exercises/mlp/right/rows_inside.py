"""Samples are rows inside; everything is transposed on the way in and out."""
import numpy as np


def forward_rows(x, weights, biases, activation):
    cache = []
    a = x
    for W, b in zip(weights, biases):
        z = a @ W + b
        cache.append((a, z))
        a = np.where(z > 0, z, 0) if activation == "relu" else np.exp(-np.logaddexp(0, -z))
    return np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True)), cache


def to_rows(parameters):
    depth = len(parameters) // 2
    weights = [parameters["W" + str(k)].T for k in range(1, depth + 1)]
    biases = [parameters["b" + str(k)].ravel() for k in range(1, depth + 1)]
    return weights, biases


def model_forward(X, params, activation="relu"):
    probs, cache = forward_rows(X.T, *to_rows(params), activation)
    return probs.T, cache


def cross_entropy(y_true, y_pred):
    labels = np.argmax(y_true, axis=0)
    return -np.mean([np.log(y_pred[label, i]) for i, label in enumerate(labels)])


def model_backward(X, Y, params, activation="relu"):
    weights, biases = to_rows(params)
    probs, cache = forward_rows(X.T, weights, biases, activation)
    dz = probs
    dz[np.arange(len(dz)), Y.argmax(axis=0)] -= 1
    dz /= len(dz)
    grads = {}
    for k in range(len(weights), 0, -1):
        a, _ = cache[k - 1]
        grads[f"b{k}"] = dz.sum(axis=0).reshape(-1, 1)
        grads[f"W{k}"] = (a.T @ dz).T
        if k > 1:
            da = dz @ weights[k - 1].T
            z = cache[k - 2][1]
            dz = da * (z > 0) if activation == "relu" else da * a * (1 - a)
    return grads
