import numpy as np

__all__ = ['tanh', 'd_tanh', 'relu', 'd_relu', 'linear', 'd_linear', 'ACTIVATIONS']


def tanh(x):
    return np.tanh(x)


def d_tanh(x):
    return 1.0 - np.tanh(x) ** 2


def relu(x):
    return np.maximum(x, 0.0)


def d_relu(x):
    return np.heaviside(x, 0.0)


def linear(x):
    return x


def d_linear(x):
    return np.ones_like(x)


ACTIVATIONS = {'tanh': (tanh, d_tanh), 'relu': (relu, d_relu), 'linear': (linear, d_linear)}
