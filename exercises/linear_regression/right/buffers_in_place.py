from __future__ import print_function, division

import numpy as np

try:
    xrange
except NameError:
    xrange = range

VERBOSE = True


def model_forward(X, w, b):
    z = np.empty(X.shape[0])
    np.dot(X, w, out=z)
    z += b
    return z


def compute_cost(z, y):
    buffer = np.subtract(y, z)
    np.multiply(buffer, buffer, out=buffer)
    cost = buffer.sum()
    cost /= y.shape[0]
    if VERBOSE:
        print("cost: %.4f" % cost)
    return cost


def cost_gradient(z, y):
    buffer = np.copy(y)
    buffer -= z
    buffer *= -2
    buffer /= buffer.shape[0]
    return buffer


def model_backward(X, y, w, b):
    dz = cost_gradient(model_forward(X, w, b), y)
    dw, db = np.zeros(w.shape), np.zeros(())
    for i in xrange(X.shape[0]):
        np.add(dw, dz[i] * X[i], out=dw)
        db += dz[i]
    return dw, db


def update_parameters(w, b, dw, db, learning_rate):
    w_new = w.copy()
    w_new -= learning_rate * dw
    return w_new, b - learning_rate * db
