import numpy as np

# Every layer stores its input and output in layers_io[l], like in the class version.


def softmax(Z):
    e = np.exp(Z - Z.max(axis=0))
    return e / e.sum(axis=0)


def run_layers(X, parameters, activation):
    layers_io = [X]
    L = len(parameters) // 2
    for l in range(1, L + 1):
        Z = parameters[f"W{l}"] @ layers_io[-1] + parameters[f"b{l}"]
        if l == L:
            layers_io.append(softmax(Z))
        else:
            layers_io.append(np.maximum(Z, 0) if activation == "relu" else 1 / (1 + np.exp(-Z)))
    return layers_io


def model_forward(X, parameters, activation="relu"):
    return run_layers(X, parameters, activation)[-1]


def cross_entropy(Y_hat, Y):
    return -np.sum(Y * np.log(Y_hat + 1e-10)) / Y.shape[1]


def model_backward(X, Y, parameters, activation="relu"):
    n = X.shape[1]
    L = len(parameters) // 2
    layers_io = run_layers(X, parameters, activation)
    grads = {}
    dZ = (layers_io[L] - Y) / n
    for l in range(L, 0, -1):
        layer_input = layers_io[-1] if l == L else layers_io[l - 1]
        grads[f"W{l}"] = dZ @ layer_input.T
        grads[f"b{l}"] = dZ.sum(axis=1, keepdims=True)
        A = layers_io[l - 1]
        dA = parameters[f"W{l}"].T @ dZ
        dZ = dA * (A > 0) if activation == "relu" else dA * A * (1 - A)
    return grads
