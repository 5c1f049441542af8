import numpy as np

layer_inputs = []
layer_sums = []


def activate(Z, activation):
    if activation == "relu":
        return np.maximum(0, Z)
    return 1 / (1 + np.exp(-Z))


def softmax(Z):
    E = np.exp(Z - np.max(Z, axis=0))
    return E / np.sum(E, axis=0)


def model_forward(X, parameters, activation="relu"):
    A = X
    L = len(parameters) // 2
    for l in range(1, L + 1):
        layer_inputs.append(A)
        layer_sums.append(np.dot(parameters[f"W{l}"], A) + parameters[f"b{l}"])
        A = softmax(layer_sums[-1]) if l == L else activate(layer_sums[-1], activation)
    return A


def cross_entropy(Y_hat, Y):
    return -np.sum(Y * np.log(Y_hat)) / Y.shape[1]


def model_backward(X, Y, parameters, activation="relu"):
    Y_hat = model_forward(X, parameters, activation)
    grads = {}
    dZ = (Y_hat - Y) / Y.shape[1]
    for l in range(len(parameters) // 2, 0, -1):
        grads[f"W{l}"] = np.dot(dZ, layer_inputs[l - 1].T)
        grads[f"b{l}"] = np.sum(dZ, axis=1, keepdims=True)
        if l > 1:
            dA = np.dot(parameters[f"W{l}"].T, dZ)
            A = activate(layer_sums[l - 2], activation)
            dZ = dA * (layer_sums[l - 2] > 0) if activation == "relu" else dA * A * (1 - A)
    return grads
