import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    N = len(y)
    one_hot = np.eye(W2.shape[1])[y]

    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    Z2 = A1 @ W2 + b2
    E = np.exp(Z2 - Z2.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)

    J = -np.sum(one_hot * np.log(P)) / N + reg * (np.sum(W1**2) + np.sum(W2**2))

    dZ2 = P - one_hot
    dW2 = (A1.T @ dZ2 + 2 * reg * W2) / N
    db2 = dZ2.sum(axis=0) / N
    dZ1 = dZ2 @ W2.T * (Z1 > 0)
    dW1 = (X.T @ dZ1) / N + 2 * reg * W1
    db1 = dZ1.sum(axis=0) / N
    return J, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
