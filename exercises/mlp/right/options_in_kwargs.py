import numpy as np

DEFAULTS = {"activation": "relu"}


def softmax(Z, axis=0):
    e = np.exp(Z - np.max(Z, axis=axis, keepdims=True))
    return np.divide(e, np.sum(e, axis=axis, keepdims=True), out=e)


def forward(X, parameters, **kwargs):
    options = {**DEFAULTS, **kwargs}
    cache = {"A0": X, "L": len(parameters) // 2}
    for l in range(1, cache["L"] + 1):
        Z = cache[f"Z{l}"] = parameters[f"W{l}"].dot(cache[f"A{l - 1}"]) + parameters[f"b{l}"]
        if l == cache["L"]:
            cache[f"A{l}"] = softmax(Z)
        elif options["activation"] == "relu":
            cache[f"A{l}"] = Z.clip(min=0)
        else:
            cache[f"A{l}"] = 0.5 + 0.5 * np.tanh(0.5 * Z)
    return cache[f"A{cache['L']}"], cache


def model_forward(X, parameters, **kwargs):
    Y_hat, cache = forward(X, parameters, **kwargs)
    return Y_hat, cache


def cross_entropy(Y_hat, Y, epsilon=1e-12):
    return -np.einsum("ij,ij->j", Y, np.log(Y_hat + epsilon)).mean()


def model_backward(X, Y, parameters, **kwargs):
    Y_hat, cache = forward(X, parameters, **kwargs)
    L, grads = cache["L"], {}
    cache[f"dZ{L}"] = np.subtract(Y_hat, Y) / Y.shape[-1]
    for l in range(L, 0, -1):
        dZ = cache[f"dZ{l}"]
        grads[f"dW{l}"] = np.tensordot(dZ, cache[f"A{l - 1}"], axes=(1, 1))
        grads[f"db{l}"] = np.sum(dZ, axis=-1, keepdims=True)
        if l == 1:
            continue
        dA = parameters[f"W{l}"].T.dot(dZ)
        if kwargs.get("activation", "relu") == "relu":
            dA[cache[f"Z{l - 1}"] <= 0] = 0
        else:
            dA *= cache[f"A{l - 1}"] * (1 - cache[f"A{l - 1}"])
        cache[f"dZ{l - 1}"] = dA
    return grads
