import numpy as np
from random import shuffle


def svm_loss_naive(W, X, y, reg):
    """
    Structured SVM loss function, naive implementation (with loops).
    """
    dW = np.zeros(W.shape)
    num_classes = W.shape[1]
    num_train = X.shape[0]
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        correct_class_score = scores[y[i]]
        for j in range(num_classes):
            if j == y[i]:
                continue
            margin = scores[j] - correct_class_score + 1  # delta = 1
            if margin > 0:
                loss += margin
                dW[:, j] += X[i, :].T
                dW[:, y[i]] -= X[i, :].T
    loss /= num_train
    dW = dW / num_train
    loss += reg * np.sum(W * W)
    dW += 2 * reg * W
    return loss, dW


def svm_loss_vectorized(W, X, y, reg):
    loss = 0.0
    dW = np.zeros(W.shape)  # initialize the gradient as zero
    N = X.shape[0]
    S = X.dot(W)
    yi_scores = S[np.arange(N), y]
    margins = np.maximum(0, S - np.matrix(yi_scores).T + 1)
    margins[np.arange(N), y] = 0
    loss = np.mean(np.sum(margins, axis=1))
    loss += reg * np.sum(W * W)

    binary = np.array(margins)
    binary[binary > 0] = 1
    row_sum = np.sum(binary, axis=1)
    binary[np.arange(N), y] = -row_sum.T
    dW = np.dot(X.T, binary)
    dW /= N
    dW += 2 * reg * W
    return loss, dW


# quick comparison, leave it here
np.random.seed(1)
_W = np.random.randn(10, 4) * 0.01
_X = np.random.randn(20, 10)
_y = np.random.randint(4, size=20)
l1, g1 = svm_loss_naive(_W, _X, _y, 0.1)
l2, g2 = svm_loss_vectorized(_W, _X, _y, 0.1)
print('loss difference: %e' % (l1 - l2))
print('gradient difference: %e' % np.linalg.norm(g1 - g2, ord='fro'))
