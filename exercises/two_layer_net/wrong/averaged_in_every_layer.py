import numpy as np


def backward_layer(dZ, A_prev, W, reg):
    m = dZ.shape[0]
    dW = 1 / m * np.matmul(A_prev.T, dZ) + 2 * reg * W
    db = 1 / m * np.matmul(np.ones(m), dZ)
    return dW, db, np.matmul(dZ, W.T)


def loss(X, y, W1, b1, W2, b2, reg):
    N = len(X)
    Z1 = np.matmul(X, W1) + b1
    A1 = np.where(Z1 < 0, 0, Z1)
    Z2 = np.matmul(A1, W2) + b2
    E = np.exp(Z2 - np.max(Z2, axis=1, keepdims=True))
    A2 = E / np.sum(E, axis=1, keepdims=True)
    J = np.mean(-np.log(A2[np.arange(N), y])) + reg * np.sum(W1**2) + reg * np.sum(W2**2)

    dZ2 = A2
    dZ2[np.arange(N), y] -= 1
    dZ2 /= N
    dW2, db2, dA1 = backward_layer(dZ2, A1, W2, reg)
    dZ1 = np.where(Z1 < 0, 0, dA1)
    dW1, db1, _ = backward_layer(dZ1, X, W1, reg)
    return J, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
