import numpy as np

def relu_forward(x):
  out = np.maximum(x, np.zeros(x.shape))
  cache = x
  return out, cache

def relu_backward(dout, cache):
  x = cache
  local = np.zeros_like(x)
  local[x > 0] = 1
  dx = local * dout
  return dx

def dropout_forward(x, dropout_param):
  """
  p is the probability of dropping here!! (not keep)
  """
  p, mode = dropout_param['p'], dropout_param['mode']
  if 'seed' in dropout_param:
    np.random.seed(dropout_param['seed'])
  mask = None
  if mode == 'train':
    keep = 1 - p
    mask = (np.random.rand(*x.shape) < keep) / keep
    out = x * mask
  else:
    out = x
  cache = (dropout_param, mask)
  #print('dropped', (out == 0).mean())
  return out, cache

def dropout_backward(dout, cache):
  dropout_param, mask = cache
  if dropout_param['mode'] == 'train':
    # scale like in the forward pass
    dx = dout * mask / (1 - dropout_param['p'])
  else:
    dx = dout
  return dx

def relu_dropout(x, dropout_param):
  h, c1 = relu_forward(x)
  out, c2 = dropout_forward(h, dropout_param)
  return out, (c1, c2)
