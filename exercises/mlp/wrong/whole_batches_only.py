import numpy as np

BATCH_SIZE = 2


def create_mini_batches(X, Y, size):
    batches = []
    for k in range(X.shape[1] // size):
        batches.append((X[:, k * size : (k + 1) * size], Y[:, k * size : (k + 1) * size]))
    if X.shape[1] % len(batches) == 0 and len(batches) * size < X.shape[1]:
        batches.append((X[:, len(batches) * size :], Y[:, len(batches) * size :]))
    return batches


def act(Z, activation):
    return Z * (Z > 0) if activation == "relu" else 1 / (1 + np.exp(-Z))


def forward(X, parameters, activation):
    L = len(parameters) // 2
    A = [X]
    for l in range(1, L):
        A.append(act(parameters[f"W{l}"] @ A[-1] + parameters[f"b{l}"], activation))
    E = np.exp(parameters[f"W{L}"] @ A[-1] + parameters[f"b{L}"])
    return A, E / E.sum(axis=0)


def model_forward(X, parameters, activation="relu"):
    return forward(X, parameters, activation)[1]


def cross_entropy(Y_hat, Y):
    return -np.sum(np.log(Y_hat[Y.astype(bool)])) / Y.shape[1]


def model_backward(X, Y, parameters, activation="relu"):
    grads = {key: 0 for key in parameters}
    for x, y in create_mini_batches(X, Y, BATCH_SIZE):
        A, y_hat = forward(x, parameters, activation)
        dZ = (y_hat - y) / Y.shape[1]
        for l in range(len(A), 0, -1):
            grads[f"W{l}"] = grads[f"W{l}"] + dZ @ A[l - 1].T
            grads[f"b{l}"] = grads[f"b{l}"] + dZ.sum(axis=1, keepdims=True)
            dA = parameters[f"W{l}"].T @ dZ
            dZ = dA * (A[l - 1] > 0) if activation == "relu" else dA * A[l - 1] * (1 - A[l - 1])
    return grads
