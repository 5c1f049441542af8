"""All sums first, one division by n at the very end; the loss is also undone by its derivative -1 / y_hat."""
import numpy as np


def relu(x, derivative=False):
    if derivative:
        return np.heaviside(x, 0)
    return np.maximum(x, 0)


def sigmoid(x, derivative=False):
    s = 1 / (1 + np.exp(-x))
    return s * (1 - s) if derivative else s


def softmax(x):
    # columns are samples
    x = x - x.max(axis=0)
    return np.exp(x) / np.exp(x).sum(axis=0)


def softmax_backward(dS, S):
    return S * (dS - (dS * S).sum(axis=0))


def collect(X, parameters, activation):
    f = globals()[activation]
    weights = [v for k, v in parameters.items() if k[0] == "W"]
    biases = [v for k, v in parameters.items() if k[0] == "b"]
    history = []
    for W, b in zip(weights, biases):
        Z = W @ X + b
        history.append((W, X, Z))
        X = f(Z)
    return softmax(Z), history


def model_forward(X, parameters, activation="relu"):
    Y_hat, _ = collect(X, parameters, activation)
    return Y_hat


def cross_entropy(Y_hat, Y):
    per_sample = -np.log(Y_hat.T[Y.T.astype(bool)])
    return per_sample.sum() / per_sample.size


def model_backward(X, Y, parameters, activation="relu"):
    f = globals()[activation]
    Y_hat, history = collect(X, parameters, activation)
    dZ = softmax_backward(-Y / Y_hat, Y_hat)
    sums = []
    while history:
        W, A, _ = history.pop()
        sums += [(dZ[:, None, :] * A[None, :, :]).sum(axis=2), dZ.sum(axis=1)[:, None]]
        if history:
            dZ = np.matmul(W.T, dZ) * f(history[-1][2], derivative=True)
    n = Y.shape[1]
    names = [kind + str(l) for l in range(len(sums) // 2, 0, -1) for kind in ("W", "b")]
    return {name: total / n for name, total in zip(names, sums)}
