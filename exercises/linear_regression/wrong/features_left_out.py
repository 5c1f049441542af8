import numpy as np


def model_forward(X, w, b):
    return X.dot(w) + b


def compute_cost(z, y):
    return ((y - z) ** 2).sum() / z.shape[0]


def cost_gradient(z, y):
    return (2 / z.shape[0]) * (z - y)


def model_backward(X, y, w, b):
    z = model_forward(X, w, b)
    dJ_dz = cost_gradient(z, y)
    gradients = {}
    for name, parameter in (("w", w), ("b", b)):
        gradients[name] = np.ones(np.shape(parameter)) * np.sum(dJ_dz)
    return gradients["w"], gradients["b"]


def update_parameters(w, b, dw, db, learning_rate):
    params, grads = [w, b], [dw, db]
    return [value - learning_rate * grad for value, grad in zip(params, grads)]
