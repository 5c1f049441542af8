"""layers, every one with forward(x) and backward(grad)"""
import numpy as np

class Linear:
  def __init__(self, in_features, out_features, bias=True):
    k = 1 / np.sqrt(in_features)
    self.weight = np.random.uniform(-k, k, (in_features, out_features))
    self.bias = np.random.uniform(-k, k, (1, out_features)) if bias else None
    self.grad_weight = None
    self.grad_bias = None

  def forward(self, x):
    self._x = x
    y = np.dot(x, self.weight)
    if self.bias is not None:
      y = y + self.bias
    return y

  def backward(self, grad):
    self.grad_weight = np.dot(self._x.T, grad)
    if self.bias is not None:
      self.grad_bias = np.sum(grad, axis=0, keepdims=True)
    return np.dot(grad, self.weight.T)

class LeakyReLU:
  def __init__(self, slope=0.1):
    self.slope = slope

  def forward(self, x):
    self._x = x
    return np.maximum(self.slope * x, x)

  def backward(self, grad):
    g = np.ones_like(self._x)
    g[self._x < 0] = self.slope
    return grad * g

class Tanh:
  def forward(self, x):
    self._y = (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))
    return self._y

  def backward(self, grad):
    return grad * (1 - self._y)

class Sigmoid:
  def forward(self, x):
    self._y = 1 / (1 + np.exp(-x))
    return self._y

  def backward(self, grad):
    return grad * (self._y * (1 - self._y))

class ELU:
  def __init__(self, alpha=1.0):
    self.alpha = alpha

  def forward(self, x):
    self._x = x
    return np.where(x > 0, x, self.alpha * (np.exp(x) - 1))

  def backward(self, grad):
    return grad * np.where(self._x > 0, 1, self.alpha * np.exp(self._x))
