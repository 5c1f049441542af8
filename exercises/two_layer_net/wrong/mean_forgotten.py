import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    n, d = X.shape
    k = W1.shape[1]
    c = W2.shape[1]
    J = 0.0
    dW1, db1 = np.zeros((d, k)), np.zeros(k)
    dW2, db2 = np.zeros((k, c)), np.zeros(c)
    for i in range(n):
        h = np.maximum(X[i] @ W1 + b1, 0)
        s = h @ W2 + b2
        p = np.exp(s - s.max())
        p /= p.sum()
        J += -np.log(p[y[i]])
        p[y[i]] -= 1
        dW2 += np.outer(h, p)
        db2 += p
        dh = W2 @ p
        dh[h == 0] = 0
        dW1 += np.outer(X[i], dh)
        db1 += dh
    J /= n
    J += reg * (np.sum(W1**2) + np.sum(W2**2))
    dW1 += 2 * reg * W1
    dW2 += 2 * reg * W2
    return J, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
