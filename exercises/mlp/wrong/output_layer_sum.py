import numpy as np


def softmax(Z):
    return np.exp(Z) / np.sum(np.exp(Z), axis=0)


def linear_backward(dZ, A_prev):
    m = A_prev.shape[1]
    return dZ @ A_prev.T / m, np.sum(dZ, axis=1, keepdims=True) / m


def outputs_of_layers(X, parameters, activation):
    L = len(parameters) // 2
    outputs = {0: X}
    for l in range(1, L + 1):
        Z = parameters[f"W{l}"] @ outputs[l - 1] + parameters[f"b{l}"]
        if l == L:
            outputs[l] = softmax(Z)
        elif activation == "relu":
            outputs[l] = np.maximum(0, Z)
        elif activation == "sigmoid":
            outputs[l] = 1 / (1 + np.exp(-Z))
    return outputs


def model_forward(X, parameters, activation="relu"):
    return outputs_of_layers(X, parameters, activation)[len(parameters) // 2]


def cross_entropy(Y_hat, Y):
    return -np.mean(np.log(np.max(Y_hat * Y, axis=0)))


def model_backward(X, Y, parameters, activation="relu"):
    L = len(parameters) // 2
    A = outputs_of_layers(X, parameters, activation)
    grads = {}

    # softmax layer
    dZ = A[L] - Y
    grads[f"W{L}"] = dZ @ A[L - 1].T
    grads[f"b{L}"] = np.mean(dZ, axis=1, keepdims=True)

    # hidden layers
    for l in range(L - 1, 0, -1):
        dA = parameters[f"W{l + 1}"].T @ dZ
        dZ = dA * (A[l] > 0) if activation == "relu" else dA * A[l] * (1 - A[l])
        grads[f"W{l}"], grads[f"b{l}"] = linear_backward(dZ, A[l - 1])
    return grads
