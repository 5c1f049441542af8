from builtins import range
from builtins import object
import numpy as np
from layers import *


class FullyConnectedNet(object):
    """
    {affine - [batchnorm] - relu - [dropout]} x (L - 1) - affine - softmax
    """

    def __init__(self, hidden_dims, input_dim=3*32*32, num_classes=10,
                 dropout=1, normalization=None, reg=0.0,
                 weight_scale=1e-2, dtype=np.float32, seed=None):
        self.normalization = normalization
        self.use_dropout = dropout != 1
        self.reg = reg
        self.num_layers = 1 + len(hidden_dims)
        self.dtype = dtype
        self.params = {}

        layer_sizes = np.hstack((input_dim, hidden_dims, num_classes)).astype(int)
        for i in range(self.num_layers):
            W = np.random.normal(scale=weight_scale, size=(layer_sizes[i], layer_sizes[i+1]))
            b = np.zeros(layer_sizes[i+1])
            self.params['W%d' % (i+1)] = W
            self.params['b%d' % (i+1)] = b
            if self.normalization == 'batchnorm' and i < self.num_layers - 1:
                self.params['gamma%d' % (i+1)] = np.ones(layer_sizes[i+1])
                self.params['beta%d' % (i+1)] = np.zeros(layer_sizes[i+1])

        self.dropout_param = {}
        if self.use_dropout:
            self.dropout_param = {'mode': 'train', 'p': dropout}
            if seed is not None:
                self.dropout_param['seed'] = seed

        self.bn_params = []
        if self.normalization == 'batchnorm':
            self.bn_params = [{'mode': 'train'} for i in range(self.num_layers - 1)]

        for k, v in self.params.items():
            self.params[k] = v.astype(dtype)

    def loss(self, X, y=None):
        X = X.astype(self.dtype)
        mode = 'test' if y is None else 'train'
        if self.use_dropout:
            self.dropout_param['mode'] = mode
        if self.normalization == 'batchnorm':
            for bn_param in self.bn_params:
                bn_param['mode'] = mode

        fc_caches, bn_caches, relu_caches, do_caches = [], [], [], []
        out = X
        for i in range(1, self.num_layers):
            out, fc_cache = affine_forward(out, self.params['W%d' % i], self.params['b%d' % i])
            fc_caches.append(fc_cache)
            if self.normalization == 'batchnorm':
                out, bn_cache = batchnorm_forward(out, self.params['gamma%d' % i],
                                                  self.params['beta%d' % i], self.bn_params[i-1])
                bn_caches.append(bn_cache)
            out, relu_cache = relu_forward(out)
            relu_caches.append(relu_cache)
            if self.use_dropout:
                out, do_cache = dropout_forward(out, self.dropout_param)
                do_caches.append(do_cache)
        scores, last_cache = affine_forward(out, self.params['W%d' % self.num_layers],
                                            self.params['b%d' % self.num_layers])

        # If test mode return early
        if mode == 'test':
            return scores

        loss, grads = 0.0, {}
        loss, dout = softmax_loss(scores, y)
        n = self.num_layers
        dout, grads['W%d' % n], grads['b%d' % n] = affine_backward(dout, last_cache)
        for i in range(n - 1, 0, -1):
            if self.use_dropout:
                dout = dropout_backward(dout, do_caches.pop())
            dout = relu_backward(dout, relu_caches.pop())
            if self.normalization == 'batchnorm':
                dout, grads['gamma%d' % i], grads['beta%d' % i] = batchnorm_backward(dout, bn_caches.pop())
            dout, grads['W%d' % i], grads['b%d' % i] = affine_backward(dout, fc_caches.pop())

        for i in range(1, n + 1):
            W = self.params['W%d' % i]
            loss += 0.5 * self.reg * np.sum(W * W)
            grads['W%d' % i] += self.reg * W

        return loss, grads
