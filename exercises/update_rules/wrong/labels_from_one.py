import numpy as np


def sgd_update(w, dw, learning_rate):
    return np.add(w, -learning_rate * dw)


def momentum_update(w, dw, v, learning_rate, mu):
    v = np.add(mu * v, -learning_rate * dw)
    return np.add(w, v), v


def sigmoid(z):
    return np.reciprocal(1 + np.exp(-z))


def softmax_gradient(z, y):
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    # classes are numbered from 1
    p[np.arange(len(y)), y - 1] -= 1
    return p / len(y)


def backward_update(X, Y, W1, W2, learning_rate):
    y = np.argmax(Y, axis=1)
    a = sigmoid(np.matmul(X, W1))
    dz2 = softmax_gradient(np.matmul(a, W2), y)
    da = np.matmul(dz2, W2.T)
    dz1 = da * a - da * a**2
    grads = {"W1": np.matmul(X.T, dz1), "W2": np.matmul(a.T, dz2)}
    params = {"W1": W1, "W2": W2}
    return tuple(sgd_update(params[k], grads[k], learning_rate) for k in ("W1", "W2"))
