import numpy as np


def softmax_loss(x, y):
    x = x - np.max(x, axis=1, keepdims=True)
    p = np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)
    value = np.mean(-np.log(p[np.arange(len(y)), y]))
    p[np.arange(len(y)), y] -= 1
    return value, p / len(y)


def loss(X, y, W1, b1, W2, b2, reg):
    model = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    pre = np.dot(X, model["W1"]) + model["b1"]
    hidden = np.maximum(pre, 0)
    J, dscores = softmax_loss(np.dot(hidden, model["W2"]) + model["b2"], y)

    grads = {}
    grads["W2"] = np.dot(hidden.T, dscores)
    grads["b2"] = np.sum(dscores, axis=0)
    dhidden = np.dot(dscores, model["W2"].T) * (pre > 0)
    grads["W1"] = np.dot(X.T, dhidden)
    grads["b1"] = np.sum(dhidden, axis=0)

    for key, value in model.items():
        J += reg * np.sum(value**2)
        grads[key] += 2 * reg * value
    return J, grads
