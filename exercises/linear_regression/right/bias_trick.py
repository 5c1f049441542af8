import numpy as np


def _with_ones(X):
    return np.hstack([X, np.ones((X.shape[0], 1))])


def _stack(w, b):
    return np.append(w, b)


def model_forward(X, w, b):
    return np.einsum("np,p->n", _with_ones(X), _stack(w, b))


def compute_cost(prediction, target):
    return np.var(target - prediction) + np.mean(target - prediction) ** 2  # E[e^2] = var + mean^2


def cost_gradient(prediction, target):
    dz = prediction.astype(float)  # a copy of my own
    dz -= target
    dz *= 2
    dz /= target.size
    return dz


def model_backward(x, y, weights, bias):
    theta = _stack(weights, bias)
    A = _with_ones(x)
    grad = 2 * (A.T @ A @ theta - A.T @ y) / len(y)  # normal equations
    return grad[:-1], grad[-1]


def update_parameters(w, b, dw, db, lr):
    theta = _stack(w, b) - lr * _stack(dw, db)
    return theta[:-1], theta[-1]
