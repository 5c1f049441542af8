import numpy as np

### Homework 2: implement everything marked with TODO

def sigmoid(z):
    """Return the sigmoid of z, elementwise."""
    return 1 / (1 + np.exp(-z))


def sigmoid_grad(z):
    """Derivative of the sigmoid at z."""
    s = sigmoid(z)
    return s * (1 - s)


def cost(theta, X, y, lam):
    """Regularised logistic regression cost (all of theta is regularised)."""
    h = sigmoid(X @ theta)
    return -np.mean(y * np.log(h) + (1 - y) * np.log(1 - h)) + lam * np.sum(theta ** 2)


def gradient(theta, X, y, lam):
    """Gradient of cost with respect to theta, same shape as theta."""
    grad = np.zeros_like(theta)
    # TODO
    return grad


def hinge_cost(w, X, y):
    return np.mean(np.maximum(0, 1 - y * (X @ w)))


def hinge_gradient(w, X, y):
    # TODO: optional exercise
    pass


def squared_cost(w, X, y):
    return 0.5 * np.sum((X @ w - y) ** 2)


def squared_gradient(w, X, y):
    raise NotImplementedError
