# gradcheck: exercise mlp
import numpy as np


def relu(Z):
    return np.maximum(0, Z)


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def softmax(Z):
    e = np.exp(Z - Z.max(axis=0))
    return e / e.sum(axis=0)


def activation_backward(dA, A, activation):
    if activation == "relu":
        return dA * (A > 0)
    if activation == "sigmoid":
        return dA * A * (1 - A)
    if activation == "softmax":
        return dA * A * (1 - A)


def linear_backward(dZ, A_prev, W):
    return dZ.dot(A_prev.T), dZ.sum(axis=1, keepdims=True), W.T.dot(dZ)


def forward(X, parameters, activation):
    functions = {"relu": relu, "sigmoid": sigmoid, "softmax": softmax}
    L = len(parameters) // 2
    kinds = [activation for _ in range(L - 1)] + ["softmax"]
    A = [X]
    for l, kind in enumerate(kinds):
        A.append(functions[kind](parameters[f"W{l + 1}"].dot(A[l]) + parameters[f"b{l + 1}"]))
    return A, kinds


def model_forward(X, parameters, activation="relu"):
    A, _ = forward(X, parameters, activation)
    return A[-1]


def cross_entropy(Y_hat, Y):
    m = Y.shape[1]
    return -(1 / m) * np.sum(Y * np.log(Y_hat))


def model_backward(X, Y, parameters, activation="relu"):
    A, kinds = forward(X, parameters, activation)
    m = Y.shape[1]
    grads = {}
    dA = -(1 / m) * Y / A[-1]
    for l in range(len(kinds), 0, -1):
        dZ = activation_backward(dA, A[l], kinds[l - 1])
        grads[f"dW{l}"], grads[f"db{l}"], dA = linear_backward(dZ, A[l - 1], parameters[f"W{l}"])
    return grads
