import numpy as np
try:
  xrange
except NameError:
  xrange = range   # python 3

class TwoLayerNet(object):

  def __init__(self, input_size, hidden_size, output_size, std=1e-4):
    self.params = {}
    self.params['W1'] = std * np.random.randn(input_size, hidden_size)
    self.params['b1'] = np.zeros(hidden_size)
    self.params['W2'] = std * np.random.randn(hidden_size, output_size)
    self.params['b2'] = np.zeros(output_size)

  def loss(self, X, y=None, reg=0.0):
    W1, b1 = self.params['W1'], self.params['b1']
    W2, b2 = self.params['W2'], self.params['b2']
    N, D = X.shape
    H = W1.shape[1]
    C = W2.shape[1]

    scores = np.zeros((N, C))
    hidden = np.zeros((N, H))
    for i in xrange(N):
      for j in xrange(H):
        z = np.dot(X[i], W1[:, j]) + b1[j]
        hidden[i, j] = z if z > 0 else 0
      for c in xrange(C):
        scores[i, c] = np.dot(hidden[i], W2[:, c]) + b2[c]

    if y is None:
      return scores

    loss = 0.0
    dW1, db1 = np.zeros_like(W1), np.zeros_like(b1)
    dW2, db2 = np.zeros_like(W2), np.zeros_like(b2)

    for i in xrange(N):
      f = scores[i] - np.max(scores[i])
      p = np.exp(f) / np.sum(np.exp(f))
      loss += -np.log(p[y[i]])

      dhidden = np.zeros(H)
      for c in xrange(C):
        ds = p[c]
        if c == y[i]:
          ds -= 1
        dW2[:, c] += ds * hidden[i]
        db2[c] += ds
        dhidden += ds * W2[:, c]
      for j in xrange(H):
        if hidden[i, j] > 0:
          dW1[:, j] += X[i] * dhidden[j]
          db1[j] += dhidden[j]

    loss /= N
    loss += 0.5 * reg * np.sum(W1 * W1) + 0.5 * reg * np.sum(W2 * W2)

    grads = {}
    grads['W1'] = dW1 / N + reg * W1
    grads['b1'] = db1 / N
    grads['W2'] = dW2 / N + reg * W2
    grads['b2'] = db2 / N
    #print 'loss', loss
    return loss, grads

  def predict(self, X):
    y_pred = np.zeros(X.shape[0])
    scores = self.loss(X)
    for i in xrange(X.shape[0]):
      y_pred[i] = np.argmax(scores[i])
    return y_pred
