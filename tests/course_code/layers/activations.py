import numpy as np


def sigmoid_forward(x):
    out = 1. / (1. + np.exp(-x))
    cache = out
    return out, cache


def sigmoid_backward(dout, cache):
    s = cache
    return dout * s * (1 - s)


def tanh_forward(x):
    e_p = np.exp(x)
    e_m = np.exp(-x)
    out = (e_p - e_m) / (e_p + e_m)
    return out, (x, out)


def tanh_backward(dout, cache):
    x, out = cache
    dx = (1 - np.square(out)) * dout
    return dx


def leaky_relu_forward(x, alpha=0.01):
    mask = x > 0
    out = np.where(mask, x, alpha * x)
    return out, (mask, alpha)


def leaky_relu_backward(dout, cache):
    mask, alpha = cache
    dx = dout.copy()
    dx[~mask] *= alpha
    return dx


def elu_forward(x, alpha=1.0):
    out = np.where(x > 0, x, alpha * (np.exp(x) - 1))
    cache = (x, out, alpha)
    return out, cache


def elu_backward(dout, cache):
    x, out, alpha = cache
    # for x<0: alpha*exp(x) = out + alpha
    dx = dout * np.where(x > 0, 1, out + alpha)
    return dx


def softplus_forward(x):
    # log(1+e^x), stable
    out = np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
    return out, x


def softplus_backward(dout, cache):
    x = cache
    s, _ = sigmoid_forward(x)
    return dout * s


def relu6_forward(x):
    out = np.minimum(np.maximum(x, 0), 6)
    cache = x
    return out, cache


def relu6_backward(dout, cache):
    x = cache
    return dout * np.logical_and(x > 0, x < 6)
