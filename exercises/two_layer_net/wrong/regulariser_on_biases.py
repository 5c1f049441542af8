import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    params = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    N = X.shape[0]

    hidden_pre = np.dot(X, params["W1"]) + params["b1"]
    hidden = np.maximum(0, hidden_pre)
    scores = np.dot(hidden, params["W2"]) + params["b2"]

    shift = scores - np.max(scores, axis=1, keepdims=True)
    logp = shift - np.log(np.sum(np.exp(shift), axis=1, keepdims=True))
    J = -np.sum(logp[np.arange(N), y]) / N
    J += reg * sum(np.sum(params[k] ** 2) for k in ("W1", "W2"))

    grads = {}
    dscores = np.exp(logp)
    dscores[np.arange(N), y] -= 1
    dscores = dscores / N
    grads["W2"] = np.dot(hidden.T, dscores)
    grads["b2"] = np.sum(dscores, axis=0)
    dhidden = np.dot(dscores, params["W2"].T)
    dhidden[hidden_pre <= 0] = 0
    grads["W1"] = np.dot(X.T, dhidden)
    grads["b1"] = np.sum(dhidden, axis=0)
    for name in grads:
        grads[name] += 2 * reg * params[name]
    return J, grads
