import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    n = X.shape[0]
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    Z2 = A1 @ W2 + b2
    A2 = np.exp(Z2 - Z2.max(1, keepdims=True))
    A2 = A2 / A2.sum(1, keepdims=True)

    J = 0
    for probabilities, label in zip(A2, y):
        J += -np.log(probabilities[label]) / n
    for W in (W1, W2):
        J += reg * (W * W).sum()

    dZ2 = A2.copy()
    for row, label in zip(dZ2, y):
        row[label] -= 1
    dZ2 /= n
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (Z1 > 0)

    db2 = np.sum(dZ2, axis=0)
    db1 = np.sum(dA1, axis=0)
    dW2 = A1.T @ dZ2 + 2 * reg * W2
    dW1 = X.T @ dZ1 + 2 * reg * W1
    return J, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
