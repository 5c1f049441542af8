import numpy as np


def model_forward(X, w, b):
    return np.einsum("np,p->n", X, w) + b


def compute_cost(z, y):
    return np.einsum("n,n->", y - z, y - z) / len(y)


def cost_gradient(z, y):
    return 2 * (z - y) / len(y)


def delta_rule(target, prediction):
    return target - prediction


def model_backward(X, y, w, b):
    delta = delta_rule(y, model_forward(X, w, b)) / len(y)
    return np.einsum("np,n->p", X, delta), np.einsum("n->", delta)


def update_parameters(w, b, dw, db, learning_rate):
    return w - learning_rate * dw, b - learning_rate * db
