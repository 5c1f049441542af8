import numpy as np


def softmax(Z):
    E = np.exp(Z - Z.max(axis=0))
    return E / E.sum(axis=0)


def activate(Z, activation):
    return np.maximum(Z, 0) if activation == "relu" else 1 / (1 + np.exp(-Z))


def slope(A, activation):
    """Derivative of the activation, as a function of its value."""
    return A > 0 if activation == "relu" else A * (1 - A)


def layers(parameters):
    return [(parameters[f"W{k}"], parameters[f"b{k}"]) for k in range(1, len(parameters) // 2 + 1)]


def all_activations(X, parameters, activation):
    A = [X]
    for W, b in layers(parameters)[:-1]:
        A.append(activate(W @ A[-1] + b, activation))
    W, b = layers(parameters)[-1]
    A.append(softmax(W @ A[-1] + b))
    return A


def model_forward(X, parameters, activation="relu"):
    return all_activations(X, parameters, activation)[-1]


def cross_entropy(Y_hat, Y):
    return -(Y * np.log(Y_hat)).sum(axis=0).mean()


def model_backward(X, Y, parameters, activation="relu"):
    n = X.shape[1]
    A = all_activations(X, parameters, activation)
    grads = {}
    dZ = (A[-1] - Y) / n
    for k, (W, _) in reversed(list(enumerate(layers(parameters), start=1))):
        grads[f"W{k}"] = dZ @ A[k - 1].T / n
        grads[f"b{k}"] = dZ.sum(axis=1, keepdims=True)
        dZ = W.T @ dZ * slope(A[k - 1], activation)
    return grads
