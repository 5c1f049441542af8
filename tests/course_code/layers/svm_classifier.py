import numpy as np


def svm_loss_naive(W, X, y, reg):
  """
  Inputs have dimension D, there are C classes, N examples.

  - W: A numpy array of shape (D, C) containing weights.
  - X: A numpy array of shape (N, D) containing a minibatch of data.
  - y: A numpy array of shape (N,) containing training labels
  - reg: (float) regularization strength
  """
  dW = np.zeros(W.shape)
  C = W.shape[1]
  N = X.shape[0]
  loss = 0.0
  for i in range(N):
    scores = X[i].dot(W)
    n_viol = 0
    for j in range(C):
      if j == y[i]: continue
      margin = scores[j] - scores[y[i]] + 1
      if margin > 0:
        loss += margin
        dW[:, j] += X[i]
        n_viol += 1
    dW[:, y[i]] -= n_viol * X[i]

  loss /= N
  dW /= N

  loss += reg * np.sum(W ** 2)
  dW += 2 * reg * W
  return loss, dW


def svm_loss_vectorized(W, X, y, reg):
  loss = 0.0
  dW = np.zeros(W.shape)
  N = X.shape[0]

  scores = X.dot(W)
  correct = scores[np.arange(N), y].reshape(N, 1)
  m = scores - correct + 1
  m[np.arange(N), y] = 0
  m[m < 0] = 0
  loss = m.sum() / N + reg * np.sum(W ** 2)

  ind = np.zeros(m.shape)
  ind[m > 0] = 1
  ind[np.arange(N), y] -= ind.sum(axis=1)
  dW = X.T.dot(ind) / N + reg * W

  return loss, dW
