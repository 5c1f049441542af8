import numpy as np
from .activations import *
from .losses import *


def init_layers(sizes, acts, seed=None):
    rng = np.random.RandomState(seed)
    layers = []
    for i in range(len(sizes) - 1):
        layers.append([rng.randn(sizes[i], sizes[i + 1]) * np.sqrt(1.0 / sizes[i]),
                       np.zeros(sizes[i + 1]), acts[i]])
    return layers


def forward(layers, X):
    a = X
    history = []
    for W, b, act in layers:
        z = a.dot(W) + b
        history.append((a, z))
        a = ACTIVATIONS[act][0](z)
    return a, history


def total_loss(layers, X, y):
    y_hat, _ = forward(layers, X)
    return half_mse(y_hat, y)


def gradients(layers, X, y):
    """list of (dW, db), first layer first"""
    y_hat, history = forward(layers, X)
    upstream = d_half_mse(y_hat, y)
    result = []
    for (W, b, act), (a, z) in zip(layers[::-1], history[::-1]):
        delta = upstream * ACTIVATIONS[act][1](z)
        result.insert(0, (a.T.dot(delta), delta.sum(axis=0)))
        upstream = delta.dot(W.T)
    return result


def d_total_loss_dx(layers, X, y):
    # for adversarial examples
    y_hat, history = forward(layers, X)
    upstream = d_half_mse(y_hat, y)
    for (W, b, act), (a, z) in zip(reversed(layers), reversed(history)):
        upstream = (upstream * ACTIVATIONS[act][1](z)).dot(W.T)
    return upstream
