import numpy as np


def relu(z):
    return z * (z > 0)


def network(X, parameters):
    W1, b1, W2, b2 = parameters
    z = X.dot(W1) + b1
    s = relu(z).dot(W2) + b2
    p = np.exp(s - s.max(axis=1).reshape(-1, 1))
    return z, p / p.sum(axis=1).reshape(-1, 1)


def loss(X, y, W1, b1, W2, b2, reg):
    z, p = network(X, (W1, b1, W2, b2))
    n = p.shape[0]
    J = -np.log([p[i, y[i]] for i in range(n)]).mean() + reg * np.sum(W1**2) + reg * np.sum(W2**2)

    d2 = p.copy()
    for i in range(n):
        d2[i, y[i]] -= 1
    d2 /= n
    d1 = d2.dot(W2.T) * relu(z)
    dW1, dW2 = X.T.dot(d1), relu(z).T.dot(d2)
    dW1, dW2 = dW1 + 2 * reg * W1, dW2 + 2 * reg * W2
    return J, {"W1": dW1, "b1": d1.sum(0), "W2": dW2, "b2": d2.sum(0)}
