import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    m = X.shape[0]

    Z1 = np.dot(X, W1) + b1
    A1 = np.maximum(0, Z1)
    Z2 = np.dot(A1, W2) + b2
    t = np.exp(Z2 - np.max(Z2, axis=1, keepdims=True))
    A2 = t / np.sum(t, axis=1, keepdims=True)

    cost = -1 / m * np.sum(np.log(A2[np.arange(m), y]))
    L2 = reg * (np.sum(W1**2) + np.sum(W2**2))

    Y = np.zeros_like(A2)
    Y[np.arange(m), y] = 1
    dZ2 = A2 - Y
    dW2 = 1 / m * np.dot(A1.T, dZ2) + 2 * reg * W2
    db2 = 1 / m * np.sum(dZ2, axis=0)
    dA1 = np.dot(dZ2, W2.T)
    dZ1 = np.multiply(dA1, Z1 > 0)
    dW1 = 1 / m * np.dot(X.T, dZ1) + 2 * reg * W1
    db1 = np.sum(dZ1, axis=0)
    return cost + L2, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
