import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    N = X.shape[0]
    hidden = np.maximum(0, X.dot(W1) + b1)
    scores = hidden.dot(W2) + b2

    scores -= scores.max(axis=1, keepdims=True)
    sums = np.exp(scores).sum(axis=1)
    loss = np.sum(np.log(sums) - scores[np.arange(N), y]) / N
    loss += reg * (np.sum(W1 * W1) + np.sum(W2 * W2))

    dscores = np.exp(scores) / sums[:, None]
    dscores[np.arange(N), y] -= 1

    dW2 = hidden.T.dot(dscores)
    db2 = dscores.sum(axis=0) / N
    dhidden = dscores.dot(W2.T)
    dhidden[hidden <= 0] = 0
    dW1 = X.T.dot(dhidden)
    db1 = dhidden.sum(axis=0) / N

    dW2 = dW2 / N + 2 * reg * W2
    dW1 /= N + 2 * reg * W1
    return loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
