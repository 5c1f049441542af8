import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    N, D = X.shape
    C = W2.shape[1]

    # forward
    hidden = X @ W1 + b1
    hidden_relu = np.where(hidden > 0, hidden, 0)
    scores = hidden_relu @ W2 + b2

    # softmax
    scores = scores - scores.max(axis=1)[:, None]
    probs = np.exp(scores) / np.exp(scores).sum(axis=1)[:, None]
    loss = 0
    for i in range(N):
        loss += -np.log(probs[i, y[i]])
    loss /= N
    loss += reg * ((W1**2).sum() + (W2**2).sum())

    # backward
    target = np.zeros((N, C))
    for i in range(N):
        target[i, y[i]] = 1
    dscores = (probs - target) / N
    grads = {}
    grads["W2"] = hidden_relu.T @ dscores + 2 * reg * W2**2
    grads["b2"] = dscores.sum(axis=0)
    dhidden = (dscores @ W2.T) * (hidden > 0)
    grads["W1"] = X.T @ dhidden + 2 * reg * W1
    grads["b1"] = dhidden.sum(axis=0)
    return loss, grads
