import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    N = X.shape[0]
    hidden = X.dot(W1) + b1
    hidden = hidden * (hidden > 0)
    scores = hidden.dot(W2)
    scores = scores - scores.max(axis=1, keepdims=True)
    log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    data_loss = -log_p[np.arange(N), y].mean()
    regularization = reg * (np.square(W1).sum() + np.square(W2).sum())

    grads = {"b2": np.zeros_like(b2)}
    dscores = np.exp(log_p)
    dscores[np.arange(N), y] -= 1
    dscores /= N
    for i in range(N):
        grads["b2"] += dscores[i]
    grads["W2"] = hidden.T.dot(dscores) + 2 * reg * W2
    dhidden = dscores.dot(W2.T)
    dhidden[hidden <= 0] = 0
    grads["W1"] = X.T.dot(dhidden) + 2 * reg * W1
    grads["b1"] = dhidden.sum(axis=0)
    return data_loss + regularization, grads
