import numpy as np


def sigm(t):
    return 1.0 / (1.0 + np.exp(-t))


def logistic_loss(w, X, y, reg):
    """
    Binary logistic regression, y in {0, 1}

    w (D,), X (N, D), y (N,)
    """
    N = X.shape[0]
    h = sigm(X.dot(w))
    loss = -np.mean(y * np.log(h) + (1 - y) * np.log(1 - h)) + 0.5 * reg * w.dot(w)
    # average gradient over the batch
    err = (h - y) / N
    grad = X.T.dot(err) / N + reg * w
    return loss, grad


def hinge_loss(w, X, y, reg):
    """ y in {-1, +1} """
    N = X.shape[0]
    m = 1 - y * X.dot(w)
    active = m > 0
    loss = np.sum(m[active]) / N + 0.5 * reg * np.sum(w ** 2)
    grad = -X[active].T.dot(y[active]) / N + reg * w
    return loss, grad


def squared_loss(w, X, y, reg):
    N = X.shape[0]
    r = X.dot(w) - y
    loss = 0.5 / N * r.dot(r) + 0.5 * reg * w.dot(w)
    grad = X.T.dot(r) / N + reg * w
    return loss, grad
