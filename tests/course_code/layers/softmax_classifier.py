import numpy as np


def softmax_loss_naive(W, X, y, reg):
    loss = 0.0
    dW = np.zeros_like(W)

    #########################################################################
    # loops over samples, pixels and classes (very slow)                    #
    #########################################################################
    num_train, dim = X.shape
    num_class = W.shape[1]

    for i in range(num_train):
        f = np.dot(X[i], W)
        f -= f.max()
        prob = np.exp(f) / np.sum(np.exp(f))
        loss -= np.log(prob[y[i]])
        for d in range(dim):
            for k in range(num_class):
                if k == y[i]:
                    dW[d, k] += X[i, d] * (prob[k] - 1)
                else:
                    dW[d, k] += X[i, d] * prob[k]

    loss /= num_train
    loss += 0.5 * reg * np.sum(W * W)
    dW /= num_train
    return loss, dW


def softmax_loss_vectorized(W, X, y, reg):
    """
    Softmax loss function, vectorized version.

    Inputs and outputs are the same as softmax_loss_naive.
    """
    num_train = X.shape[0]
    f = X @ W
    f = f - np.max(f, axis=1, keepdims=True)
    p = np.exp(f)
    p = p / np.sum(p, axis=1, keepdims=True)
    ind = np.zeros_like(p)
    ind[np.arange(num_train), y] = 1
    loss = np.sum(-np.log(p[np.arange(num_train), y])) / num_train
    loss += 0.5 * reg * np.sum(W * W)
    dW = X.T @ (p - ind)
    dW /= num_train
    dW += reg * W
    return loss, dW


class Softmax:
    """so that the notebook can call predict"""

    def __init__(self):
        self.W = None

    def predict(self, X):
        return np.argmax(X @ self.W, axis=1)
