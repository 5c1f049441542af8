import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    n = X.shape[0]
    one_hot = np.array([np.arange(W2.shape[1]) == label for label in y], dtype=float)

    z1 = np.dot(X, W1) + b1
    h = np.maximum(z1, 0)
    z2 = np.dot(h, W2) + b2
    e = np.exp(z2 - z2.max(axis=1, keepdims=True))
    probs = e / e.sum(axis=1, keepdims=True)
    J = -np.sum(one_hot * np.log(probs)) / n
    J += reg * np.sum(W1**2) + reg * np.sum(W2**2)

    dz2 = (probs - one_hot) / n
    dz1 = np.dot(dz2, W2.T) * z1 > 0
    grads = {}
    grads["W1"] = np.dot(X.T, dz1) + 2 * reg * W1
    grads["b1"] = np.sum(dz1, axis=0)
    grads["W2"] = np.dot(h.T, dz2) + 2 * reg * W2
    grads["b2"] = np.sum(dz2, axis=0)
    return J, grads
