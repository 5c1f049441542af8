import numpy as np

relu = lambda x: np.maximum(x, 0)
drelu = lambda x: np.where(x > 0, 1, 0)


def loss(X, y, W1, b1, W2, b2, reg):
    n, M = len(X), len(b2)
    linear1 = np.dot(X, W1)
    A1 = relu(linear1 + b1)
    linear2 = np.dot(A1, W2)
    S = linear2 + b2
    lse = np.log(np.exp(S).sum(axis=1))
    J = 0
    for i in range(n):
        J += (lse[i] - S[i, y[i]]) / n
    J += reg * (np.sum(W1**2) + np.sum(W2**2))

    dS = np.exp(S - lse[:, None])
    for i in range(n):
        dS[i, y[i]] -= 1
    dS = dS / n
    dA1 = np.dot(dS, W2.T)
    dZ1 = dA1 * drelu(linear1)
    dW1 = np.dot(X.T, dZ1) + 2 * reg * W1
    dW2 = np.dot(A1.T, dS) + 2 * reg * W2
    return J, {"W1": dW1, "b1": np.sum(dZ1, axis=0), "W2": dW2, "b2": np.sum(dS, axis=0)}
