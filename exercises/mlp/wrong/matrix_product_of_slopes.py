import numpy as np


def relu(z):
    return np.maximum(0, z)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def relu_prime(z):
    return (z > 0).astype(float)


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


def softmax(z):
    z = z - np.max(z, axis=0, keepdims=True)
    return np.exp(z) / np.sum(np.exp(z), axis=0, keepdims=True)


def model_forward(X, parameters, activation="relu"):
    phi = relu if activation == "relu" else sigmoid
    depth = len(parameters) // 2
    a, zs, as_ = X, [], [X]
    for k in range(1, depth + 1):
        z = np.dot(parameters[f"W{k}"], a) + parameters[f"b{k}"]
        a = softmax(z) if k == depth else phi(z)
        zs.append(z)
        as_.append(a)
    return a, zs, as_


def cross_entropy(Y_hat, Y):
    return -np.mean(np.sum(Y * np.log(Y_hat), axis=0))


def model_backward(X, Y, parameters, activation="relu"):
    phi_prime = relu_prime if activation == "relu" else sigmoid_prime
    y_hat, zs, as_ = model_forward(X, parameters, activation)
    grads = {}
    delta = (y_hat - Y) / Y.shape[1]
    for k in range(len(zs), 0, -1):
        grads[f"W{k}"] = np.dot(delta, as_[k - 1].T)
        grads[f"b{k}"] = np.sum(delta, axis=1, keepdims=True)
        if k > 1:
            delta = np.dot(parameters[f"W{k}"].T, delta)
            delta = np.dot(delta, phi_prime(zs[k - 2]))
    return grads
