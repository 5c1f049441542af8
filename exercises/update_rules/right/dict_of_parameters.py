import numpy as np


def sgd_update(w, dw, **config):
    return w - config["learning_rate"] * dw


def momentum_update(w, dw, v, **config):
    v = config["mu"] * v - config["learning_rate"] * dw
    return {"w": w + v, "v": v}


RULES = {"sgd": sgd_update, "momentum": momentum_update}


def softmax(scores):
    scores = scores - np.max(scores, axis=-1, keepdims=True)
    return np.exp(scores) / np.sum(np.exp(scores), axis=-1, keepdims=True)


def loss_gradients(params, X, Y):
    cache = {}
    cache["A"] = 0.5 * (1 + np.tanh(0.5 * X @ params["W1"]))
    cache["P"] = softmax(cache["A"] @ params["W2"])
    grads = {}
    dscores = cache["P"].copy()
    dscores[np.arange(len(Y)), Y.argmax(axis=1)] -= 1
    dscores /= len(Y)
    grads["W2"] = cache["A"].T @ dscores
    dA = dscores @ params["W2"].T
    grads["W1"] = X.T @ (dA * cache["A"] * (1 - cache["A"]))
    return grads


def backward_update(X, Y, W1, W2, learning_rate):
    params = {"W1": W1, "W2": W2}
    grads = loss_gradients(params, X, Y)
    for name in params:
        params[name] = RULES["sgd"](params[name], grads[name], learning_rate=learning_rate)
    return params
