import numpy as np


def model_forward(X, w, b):
    return X.dot(w) + b


def compute_cost(z, y):
    return np.mean(np.square(z - y))


def cost_gradient(z, y):
    return np.divide(2 * (z - y), z.shape[0])


def model_backward(X, y, w, b):
    grad_z = cost_gradient(model_forward(X, w, b), y)
    grad_w = np.sum(X * grad_z[:, np.newaxis], axis=0)
    grad_b = np.mean(grad_z)
    return grad_w, grad_b


def update_parameters(w, b, dw, db, learning_rate):
    return w - learning_rate * dw, b - learning_rate * db
