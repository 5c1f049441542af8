import numpy as np


def softmax_loss_and_gradient(X, y, W, b, regularization_strength=0.0, verbose=False):
    '''
    :param X: data, one sample per row
    :param y: class indices
    :param W: weights
    :param b: bias
    :param regularization_strength: lambda
    :return: loss, dW, db
    '''
    N, D = X.shape
    C = W.shape[1]
    dW = np.zeros_like(W)
    db = np.zeros_like(b)
    loss = 0
    for i in range(N):
        s = np.dot(W.T, X[i]) + b
        s = s - np.max(s)
        p = np.exp(s) / np.sum(np.exp(s))
        loss = loss - np.log(p[y[i]])
        t = np.zeros(C)
        t[y[i]] = 1
        dW += np.outer(X[i], p - t)
        db += p - t
    if verbose:
        print('raw loss', loss / N)
    loss = loss / N + regularization_strength / 2 * np.sum(np.square(W))
    dW = dW / N + regularization_strength * W
    db = db / N
    return loss, dW, db


def svm_loss_and_gradient(X, y, W, b, regularization_strength=0.0):
    N = len(y)
    S = X.dot(W) + b
    margin = S.T - S[range(N), y] + 1.0     # C x N
    margin[y, range(N)] = 0
    active = (margin > 0).astype(X.dtype)
    loss = np.sum(margin * active) / N + regularization_strength / 2 * np.linalg.norm(W) ** 2
    active[y, range(N)] = -np.sum(active, axis=0)
    dW = (active @ X).T / N + regularization_strength * W
    db = np.sum(active, axis=1) / N
    return loss, dW, db


def predict(X, W, b):
    return np.argmax(X @ W + b, axis=1)
