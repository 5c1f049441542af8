import numpy as np


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def softmax_jacobian(s):
    J = np.zeros((len(s), len(s)))
    for i in range(len(s)):
        for j in range(len(s)):
            J[i, j] = s[i] * (1 - s[i]) if i == j else s[i] * s[j]
    return J


def forward(X, parameters, activation):
    L = len(parameters) // 2
    As = [X]
    for l in range(1, L):
        Z = parameters[f"W{l}"] @ As[-1] + parameters[f"b{l}"]
        As.append(np.maximum(Z, 0) if activation == "relu" else 1 / (1 + np.exp(-Z)))
    Z = parameters[f"W{L}"] @ As[-1] + parameters[f"b{L}"]
    return As, np.apply_along_axis(softmax, 0, Z)


def model_forward(X, parameters, activation="relu"):
    return forward(X, parameters, activation)[1]


def cross_entropy(Y_hat, Y):
    return -np.sum(Y * np.log(Y_hat)) / Y.shape[1]


def model_backward(X, Y, parameters, activation="relu"):
    As, Y_hat = forward(X, parameters, activation)
    n = Y.shape[1]
    dZ = np.empty(Y.shape)
    for i in range(n):
        dZ[:, i] = softmax_jacobian(Y_hat[:, i]) @ (-Y[:, i] / Y_hat[:, i]) / n
    grads = {}
    for l in range(len(As), 0, -1):
        A = As[l - 1]
        grads[f"dW{l}"] = dZ @ A.T
        grads[f"db{l}"] = np.sum(dZ, axis=1, keepdims=True)
        dA = parameters[f"W{l}"].T @ dZ
        dZ = np.where(A > 0, dA, 0) if activation == "relu" else dA * A * (1 - A)
    return grads
