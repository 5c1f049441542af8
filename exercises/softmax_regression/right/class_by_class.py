import numpy as np


def softmax(Z):
    """p_m = 1 / sum_l exp(z_l - z_m)"""
    A = np.empty(Z.shape)
    for m in range(Z.shape[1]):
        A[:, m] = 1.0 / np.sum(np.exp(Z - Z[:, [m]]), axis=1)
    return A


def cross_entropy(Z, Y):
    A = softmax(Z)
    J = 0
    for m in range(Y.shape[1]):
        of_class = Y[:, m] == 1
        J -= np.log(A[of_class, m]).sum()
    return J / Y.shape[0]


def cross_entropy_gradient(Z, Y):
    A = softmax(Z)
    dZ = np.where(Y == 1, A - 1, A)
    return dZ / Y.shape[0]


def model_forward(X, W, b):
    columns = [X @ W[m] + b[m] for m in range(len(b))]
    return np.stack(columns, axis=1)


def model_backward(X, Y, W, b):
    n = X.shape[0]
    A = softmax(model_forward(X, W, b))
    dW, db = np.zeros(W.shape), np.zeros(b.shape)
    for m in range(len(b)):
        residual = A[:, m] - Y[:, m]
        dW[m] = residual @ X / n
        db[m] = np.mean(residual)
    return dW, db
