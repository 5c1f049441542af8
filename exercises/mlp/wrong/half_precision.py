import numpy as np

DTYPE = np.float16  # the float64 version did not fit into memory


def softmax(Z):
    E = np.exp(Z - Z.max(axis=0))
    return E / E.sum(axis=0)


def cast(parameters):
    return {key: value.astype(DTYPE) for key, value in parameters.items()}


def forward(X, parameters, activation):
    A = X.astype(DTYPE)
    cache = []
    L = len(parameters) // 2
    for l in range(1, L + 1):
        Z = parameters[f"W{l}"] @ A + parameters[f"b{l}"]
        cache.append((A, Z))
        A = np.maximum(Z, 0) if activation == "relu" else 1 / (1 + np.exp(-Z))
    return softmax(Z), cache


def model_forward(X, parameters, activation="relu"):
    Y_hat, _ = forward(X, cast(parameters), activation)
    return Y_hat


def cross_entropy(Y_hat, Y):
    return -np.sum(Y * np.log(Y_hat + 1e-10)) / Y.shape[1]


def model_backward(X, Y, parameters, activation="relu"):
    parameters = cast(parameters)
    Y_hat, cache = forward(X, parameters, activation)
    dZ = (Y_hat - Y) / Y.shape[1]
    grads = {}
    for l in range(len(cache), 0, -1):
        A, _ = cache[l - 1]
        grads[f"W{l}"] = dZ @ A.T
        grads[f"b{l}"] = dZ.sum(axis=1, keepdims=True)
        if l > 1:
            dA = parameters[f"W{l}"].T @ dZ
            dZ = dA * (cache[l - 2][1] > 0) if activation == "relu" else dA * A * (1 - A)
    return grads
