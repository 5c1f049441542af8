import numpy as np


def model_forward(X, w, b):
    n, p = X.shape
    predictions = np.zeros(n)
    for i in range(n):
        predictions[i] = np.dot(w, X[i]) + b
    return predictions


def compute_cost(predictions, targets):
    return np.sum((targets - predictions) ** 2) / len(targets)


def cost_gradient(predictions, targets):
    return -2 / len(targets) * (targets - predictions)


def model_backward(features, targets, weights, bias):
    n, p = features.shape
    slopes = cost_gradient(model_forward(features, weights, bias), targets)
    gradient = np.zeros(p)
    for j in range(p):
        for i in range(1, n):
            gradient[j] += slopes[i] * features[i, j]
    return gradient, np.sum(slopes)


def update_parameters(w, b, dw, db, learning_rate):
    return w - learning_rate * dw, b - learning_rate * db
