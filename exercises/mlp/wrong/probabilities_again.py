import numpy as np


def softmax(logits):
    exps = np.exp(logits - logits.max(axis=0))
    return exps / exps.sum(axis=0)


def hidden_activation(Z, activation):
    if activation == "relu":
        return np.maximum(Z, 0)
    return 1 / (1 + np.exp(-Z))


def model_forward(X, parameters, activation="relu"):
    n_layers = len(parameters) // 2
    A = X
    saved = [X]
    for layer in range(1, n_layers):
        A = hidden_activation(parameters[f"W{layer}"] @ A + parameters[f"b{layer}"], activation)
        saved.append(A)
    logits = parameters[f"W{n_layers}"] @ A + parameters[f"b{n_layers}"]
    return softmax(logits), saved


def cross_entropy(Y_hat, Y):
    return -np.sum(Y * np.log(Y_hat)) / Y.shape[1]


def softmax_cross_entropy_gradient(logits, Y):
    return (softmax(logits) - Y) / Y.shape[1]


def model_backward(X, Y, parameters, activation="relu"):
    output, saved = model_forward(X, parameters, activation)
    dZ = softmax_cross_entropy_gradient(output, Y)
    gradients = {}
    for layer in range(len(saved), 0, -1):
        A = saved[layer - 1]
        gradients[f"W{layer}"] = dZ @ A.T
        gradients[f"b{layer}"] = dZ.sum(axis=1, keepdims=True)
        slope = (A > 0) if activation == "relu" else A * (1 - A)
        dZ = (parameters[f"W{layer}"].T @ dZ) * slope
    return gradients
