"""Chain rule with the full matrices: dJ/dw = dJ/dL dL/dz dz/dw, all of them written out."""
import numpy


def model_forward(X, w, b):
    ones = numpy.ones(X.shape[0])
    return numpy.matmul(X, w) + numpy.outer(ones, b).ravel()


def losses(z, y):
    return numpy.square(y - z)


def compute_cost(z, y):
    return numpy.average(losses(z, y))


def dJ_dL(n):
    return numpy.ones((1, n)) / n


def dL_dz(z, y):
    return numpy.diag(-2 * (y - z))  # L_i depends on z_i only


def dz_dw(X):
    return X


def dz_db(n):
    return numpy.ones((n, 1))


def cost_gradient(z, y):
    return (dJ_dL(len(y)) @ dL_dz(z, y))[0]


def model_backward(X, y, w, b):
    z = model_forward(X, w, b)
    n = len(y)
    chain = dJ_dL(n) @ dL_dz(z, y)
    return (chain @ dz_dw(X)).squeeze(axis=0), (chain @ dz_db(n)).item()


def update_parameters(w, b, dw, db, learning_rate):
    return w - numpy.multiply(learning_rate, dw), b - numpy.multiply(learning_rate, db)
