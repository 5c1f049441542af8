# gradcheck: exercise mlp
import numpy as np


def relu(Z):
    return np.maximum(0, Z)


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def softmax(Z):
    t = np.exp(Z - np.max(Z, axis=0))
    return t / np.sum(t, axis=0)


def relu_backward(dA, Z):
    dZ = dA.copy()
    dZ[Z <= 0] = 0
    return dZ


def sigmoid_backward(dA, Z):
    return dA * sigmoid(Z) * (1 - sigmoid(Z))


def activation_backward(dA, Z, activation):
    if activation == "relu" or "ReLU":
        return relu_backward(dA, Z)
    elif activation == "sigmoid" or "Sigmoid":
        return sigmoid_backward(dA, Z)


def model_forward(X, parameters, activation="relu"):
    cache = [(X, None)]
    L = len(parameters) // 2
    for l in range(1, L + 1):
        Z = parameters[f"W{l}"].dot(cache[-1][0]) + parameters[f"b{l}"]
        if l == L:
            A = softmax(Z)
        else:
            A = relu(Z) if activation == "relu" else sigmoid(Z)
        cache.append((A, Z))
    return A, cache


def cross_entropy(Y_hat, Y):
    return -(1 / Y.shape[1]) * np.sum(Y * np.log(Y_hat))


def model_backward(X, Y, parameters, activation="relu"):
    AL, cache = model_forward(X, parameters, activation)
    grads = {}
    dZ = 1 / X.shape[1] * (AL - Y)
    for l in range(len(cache) - 1, 0, -1):
        A_prev, Z_prev = cache[l - 1]
        grads[f"dW{l}"] = dZ.dot(A_prev.T)
        grads[f"db{l}"] = dZ.sum(axis=1, keepdims=True)
        if Z_prev is not None:
            dZ = activation_backward(parameters[f"W{l}"].T.dot(dZ), Z_prev, activation)
    return grads
