import numpy as np


def relu(z):
    return np.maximum(0, z)


def forward(X, W1, b1, W2, b2):
    cache = {"Z1": np.dot(W1.T, X) + b1[:, None]}
    cache["A1"] = relu(cache["Z1"])
    cache["Z2"] = np.dot(W2.T, cache["A1"]) + b2[:, None]
    t = np.exp(cache["Z2"] - cache["Z2"].max(axis=0))
    cache["A2"] = t / t.sum(axis=0)
    return cache


def loss(X, y, W1, b1, W2, b2, reg):
    m = X.shape[0]
    cache = forward(X.T, W1, b1, W2, b2)
    Y = np.zeros(cache["A2"].shape)
    Y[y, np.arange(m)] = 1
    cost = -1 / m * np.sum(Y * np.log(cache["A2"]))

    dZ2 = cache["A2"] - Y
    dZ1 = np.dot(W2, dZ2) * (cache["A1"] > 0)
    grads = {
        "W1": np.dot(X.T, dZ1.T) / m + 2 * reg * W1,
        "b1": dZ1.sum(axis=1) / m,
        "W2": np.dot(cache["A1"], dZ2.T) / m + 2 * reg * W2,
        "b2": dZ2.sum(axis=1) / m,
    }
    return cost, grads
