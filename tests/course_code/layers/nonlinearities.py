import numpy as np

# extra activations for the bonus question


def sigmoid(x):
    pos = x >= 0
    z = np.zeros_like(x)
    z[pos] = np.exp(-x[pos])
    z[~pos] = np.exp(x[~pos])
    top = np.ones_like(x)
    top[~pos] = z[~pos]
    return top / (1 + z)


def relu_forward(x):
    out = x * (x > 0)
    return out, x


def relu_backward(dout, cache):
    dx = np.array(dout, copy=True)
    dx[cache <= 0] = 0
    return dx


def lrelu_forward(x, leaky_param):
    """leaky_param = {'a': slope}"""
    a = leaky_param.get('a', 2e-3)
    out = np.maximum(a * x, x)
    cache = (x, a)
    return out, cache


def lrelu_backward(dout, cache):
    x, a = cache
    dx = a + np.zeros_like(x)
    dx[x > 0] = 1
    return dx * dout


def swish_forward(x, beta=1.0):
    s = sigmoid(beta * x)
    out = x * s
    cache = (x, s, beta)
    return out, cache


def swish_backward(dout, cache):
    x, s, beta = cache
    # product rule: s + x * s'
    dx = dout * (s + x * beta * s) * (1 - s)
    return dx


def softsign_forward(x):
    d = 1 + np.abs(x)
    return x / d, d


def softsign_backward(dout, cache):
    d = cache
    return dout / d ** 2
