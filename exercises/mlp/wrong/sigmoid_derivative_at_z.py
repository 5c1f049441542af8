import numpy as np


def relu(z):
    return z * (z > 0)


def relu_prime(z):
    return 1.0 * (z > 0)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_prime(a):
    return a * (1 - a)


functions = {"relu": (relu, relu_prime), "sigmoid": (sigmoid, sigmoid_prime)}


def softmax(z):
    z = np.exp(z - z.max(axis=0))
    return z / z.sum(axis=0)


def model_forward(X, parameters, activation="relu"):
    f, _ = functions[activation]
    layers = len(parameters) // 2
    a, zs, activations = X, [], [X]
    for i in range(1, layers + 1):
        z = parameters["W%d" % i] @ a + parameters["b%d" % i]
        zs.append(z)
        a = f(z) if i < layers else softmax(z)
        activations.append(a)
    return a, zs, activations


def cross_entropy(Y_hat, Y):
    return np.mean(-np.sum(Y * np.log(Y_hat), axis=0))


def model_backward(X, Y, parameters, activation="relu"):
    _, f_prime = functions[activation]
    y_hat, zs, activations = model_forward(X, parameters, activation)
    delta = (y_hat - Y) / Y.shape[1]
    grads = {}
    for i in range(len(zs), 0, -1):
        grads["W%d" % i] = delta @ activations[i - 1].T
        grads["b%d" % i] = delta.sum(axis=1, keepdims=True)
        if i > 1:
            delta = (parameters["W%d" % i].T @ delta) * f_prime(zs[i - 2])
    return grads
