import numpy as np
np.random.seed(0)

def fc_forward(x, w, b):
  out = x.dot(w) + b
  return out, (w, x)

def fc_backward(dout, cache):
  w, x = cache
  return dout.dot(w.T), x.T.dot(dout), dout.sum(axis=0)

def softmax_loss(x, y):
  """
  Returns (loss, dx)
  """
  N = x.shape[0]
  # numeric stability
  f = x - np.amax(x, axis=1, keepdims=True)
  f = np.exp(f)
  probs = f / np.sum(f, axis=1, keepdims=True)
  #print(probs.sum(axis=1))
  loss = np.sum(np.log(probs[np.arange(N), y])) / N
  dx = probs
  dx[np.arange(N), y] -= 1
  dx = dx / N
  return loss, dx
