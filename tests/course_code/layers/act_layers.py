# -*- coding: utf-8 -*-
import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def affine_forward(x, w, b):
    out = None
    x1 = x.reshape(x.shape[0], w.shape[0])
    out = x1.dot(w) + b
    cache = (x, w, b)
    return out, cache

def affine_backward(dout, cache):
    x, w, b = cache
    dx, dw, db = None, None, None
    x1 = x.reshape(x.shape[0], w.shape[0])
    dx = dout.dot(w.T).reshape(*x.shape)
    dw = x1.T.dot(dout)
    db = dout.sum(0)
    return dx, dw, db

def sigmoid_forward(x):
    out = None
    # sigmoid fwd
    out = sigmoid(x)
    cache = out
    return out, cache

def sigmoid_backward(dout, cache):
    dx, out = None, cache
    # ds = s(1-s)
    s = sigmoid(out)
    dx = dout * s * (1 - s)
    return dx

def tanh_forward(x):
    out = np.tanh(x)
    cache = x
    return out, cache

def tanh_backward(dout, cache):
    dx, x = None, cache
    dx = dout * (1 - np.tanh(x) ** 2)
    return dx

def affine_tanh_forward(x, w, b):
    a, fc = affine_forward(x, w, b)
    out, tc = tanh_forward(a)
    return out, (fc, tc)

def affine_tanh_backward(dout, cache):
    fc, tc = cache
    return affine_backward(tanh_backward(dout, tc), fc)
