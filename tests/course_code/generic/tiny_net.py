import numpy as np

def init_params(n_in, n_hidden, n_out, seed=1):
  rng = np.random.RandomState(seed)
  return {
    'W1': rng.randn(n_in, n_hidden) * 0.5,
    'b1': np.zeros(n_hidden),
    'W2': rng.randn(n_hidden, n_out) * 0.5,
    'b2': np.zeros(n_out),
  }

def forward(X, params):
  Z1 = X @ params['W1'] + params['b1']
  A1 = np.tanh(Z1)
  out = A1 @ params['W2'] + params['b2']
  return out, (X, Z1, A1)

def loss(out, Y):
  return 0.5 * np.mean(np.sum((out - Y)**2, axis=1))

def backward(out, Y, cache, params):
  X, Z1, A1 = cache
  n = len(X)
  dout = (out - Y) / n
  #print(dout.shape)
  assert dout.shape == out.shape
  grads = {}
  grads['W2'] = A1.T @ dout
  grads['b2'] = dout.sum(0)
  dA1 = dout @ params['W2'].T
  dZ1 = dA1 * (1 - A1**2)
  grads['W1'] = X.T @ dZ1
  grads['b1'] = dZ1.sum(0)
  for k in grads:
    assert grads[k].shape == params[k].shape, k
  return grads

def train(X, Y, params, lr=0.1, epochs=1000):
  for e in range(epochs):
    out, cache = forward(X, params)
    grads = backward(out, Y, cache, params)
    for k in params:
      params[k] -= lr * grads[k]
    if e % 100 == 0:
      print('epoch', e, 'loss', loss(out, Y))
  return params

if __name__ == '__main__':
  X = np.linspace(-3, 3, 50)[:, None]
  train(X, np.sin(X), init_params(1, 10, 1))
