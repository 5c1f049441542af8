import numpy as np

# everything in one file so that I dont have to fight with the relative imports

def affine_forward(x, w, b):
  out = np.dot(x.reshape(x.shape[0], -1), w) + b.T
  cache = (x, w, b)
  return out, cache

def affine_backward(dout, cache):
  x, w, b = cache
  dx = np.dot(dout, w.T)
  dx = np.reshape(dx, x.shape)
  x_vec = np.reshape(x, (x.shape[0], np.prod(x.shape[1:])))
  dw = np.dot(x_vec.T, dout)
  db = np.dot(np.ones(dout.shape[0]), dout)
  return dx, dw, db

def relu_forward(x):
  out = x.copy()
  out[out < 0] = 0
  return out, x

def relu_backward(dout, cache):
  x = cache
  dout[x <= 0] = 0
  return dout

def affine_relu_forward(x, w, b):
  """
  Convenience layer: affine followed by ReLU

  Returns:
  - out: Output from the ReLU
  - cache: Object to give to the backward pass
  """
  a, fc_cache = affine_forward(x, w, b)
  out, relu_cache = relu_forward(a)
  cache = (fc_cache, relu_cache)
  return out, cache

def affine_relu_backward(dout, cache):
  fc_cache, relu_cache = cache
  da = relu_backward(dout, relu_cache)
  dx, dw, db = affine_backward(da, fc_cache)
  return dx, dw, db

# 2 hidden layers at once
def affine_relu_affine_forward(x, w1, b1, w2, b2):
  h, c1 = affine_relu_forward(x, w1, b1)
  out, c2 = affine_forward(h, w2, b2)
  return out, (c1, c2)

def affine_relu_affine_backward(dout, cache):
  c1, c2 = cache
  dh, dw2, db2 = affine_backward(dout, c2)
  dx, dw1, db1 = affine_relu_backward(dh, c1)
  return dx, dw1, db1, dw2, db2


np.random.seed(7)
x = np.random.randn(3, 2, 4)
w = np.random.randn(8, 5)
b = np.random.randn(5)
out, cc = affine_relu_forward(x, w, b)
print("affine_relu", out.shape, [g.shape for g in affine_relu_backward(np.ones(out.shape), cc)])
