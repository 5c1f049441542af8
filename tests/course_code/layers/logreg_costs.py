import numpy as np


def lr_cost_and_grad(theta, X, y, lam):
    """Logistic regression with labels -1/+1."""
    n = len(y)
    z = -y * (X @ theta)
    cost = np.logaddexp(0, z).sum() / n + lam / 2 * theta @ theta
    sig = 1 / (1 + np.exp(-z))
    grad = -(X.T * y) @ sig / n + lam * theta
    return cost, grad


def ridge_objective(w, X, t, alpha=1.0):
    # sum of squares, not averaged (as on the slides)
    e = X @ w - t
    J = e @ e + alpha * w @ w
    return J, 2 * X.T @ e + 2 * alpha * w


def squared_hinge_objective(w, X, y, C=1.0):
    margin = np.maximum(0, 1 - y * X.dot(w))
    obj = 0.5 * w.dot(w) + C * np.sum(margin ** 2)
    g = w - 2 * C * X.T.dot(y * margin)
    return obj, g


def perceptron_objective(w, X, y):
    s = y * X.dot(w)
    wrong = s < 0
    return -np.sum(s[wrong]) / len(y), -(y[wrong, None] * X[wrong]).sum(axis=0) / len(y)


def smooth_l1_regression(w, X, t, reg=0.0, delta=0.5):
    e = X.dot(w) - t
    small = np.abs(e) <= delta
    per = np.where(small, 0.5 * e ** 2, delta * (np.abs(e) - 0.5 * delta))
    loss = per.mean() + reg * np.sum(w ** 2)
    de = np.where(small, e, delta * np.sign(e)) / len(t)
    return loss, X.T.dot(de) + 2 * reg * w


def elastic_net(w, X, t, l1=0.1, l2=0.1):
    r = X.dot(w) - t
    f = r.dot(r) / (2 * len(t)) + l1 * np.abs(w).sum() + l2 / 2 * w.dot(w)
    df = X.T.dot(r) / len(t) + l1 * np.sign(w) + l2 * w
    return f, df
