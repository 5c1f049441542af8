from builtins import range
from builtins import object
import numpy as np

from layers import *
from layer_utils import *


class TwoLayerNet(object):
  """
  affine - relu - affine - softmax, built out of the functions in layers.py.
  There is no optimisation here, a solver does that.
  """

  def __init__(self, input_dim=3*32*32, hidden_dim=100, num_classes=10,
               weight_scale=1e-3, reg=0.0):
    self.params = {}
    self.reg = reg
    D, H, C = input_dim, hidden_dim, num_classes
    self.params['W1'] = np.random.normal(0, weight_scale, (D, H))
    self.params['W2'] = np.random.normal(0, weight_scale, (H, C))
    self.params['b1'] = np.zeros(H)
    self.params['b2'] = np.zeros(C)

  def loss(self, X, y=None):
    scores = None
    W1, b1, W2, b2 = [self.params[k] for k in ('W1', 'b1', 'W2', 'b2')]

    hidden, c1 = affine_relu_forward(X, W1, b1)
    scores, c2 = affine_forward(hidden, W2, b2)

    # test mode
    if y is None:
      return scores

    loss, grads = 0, {}
    loss, dscores = softmax_loss(scores, y)
    loss += 0.5 * self.reg * (np.sum(W1 ** 2) + np.sum(W2 ** 2))

    dhidden, grads['W2'], grads['b2'] = affine_backward(dscores, c2)
    dX, grads['W1'], grads['b1'] = affine_relu_backward(dhidden, c1)

    # regularization, not on the biases
    grads['W1'] += self.reg * W1
    grads['W2'] += self.reg * W2

    return loss, grads
