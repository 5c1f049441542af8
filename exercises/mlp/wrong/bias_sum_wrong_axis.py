import numpy as np


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def softmax(x):
    x = x - np.max(x, axis=0)
    return np.exp(x) / np.sum(np.exp(x), axis=0)


def model_forward(X, parameters, activation="relu"):
    depth = len(parameters) // 2
    outputs = [X]
    for k in range(1, depth + 1):
        Z = np.matmul(parameters[f"W{k}"], outputs[-1]) + parameters[f"b{k}"]
        if k == depth:
            outputs.append(softmax(Z))
        elif activation == "relu":
            outputs.append(np.maximum(Z, 0))
        else:
            outputs.append(sigmoid(Z))
    return outputs[-1], outputs


def cross_entropy(Y_hat, Y):
    total = 0
    for i in range(Y.shape[1]):
        total -= np.log(Y_hat[np.argmax(Y[:, i]), i])
    return total / Y.shape[1]


def model_backward(X, Y, parameters, activation="relu"):
    _, outputs = model_forward(X, parameters, activation)
    gradients = {}
    d = (outputs.pop() - Y) / Y.shape[1]
    for k in range(len(parameters) // 2, 0, -1):
        A = outputs.pop()
        gradients[f"W{k}"] = np.matmul(d, A.T)
        gradients[f"b{k}"] = np.sum(d, axis=0, keepdims=True).T
        d = np.matmul(parameters[f"W{k}"].T, d)
        d = d * (A > 0) if activation == "relu" else d * A * (1 - A)
    return gradients
