import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    N, D = X.shape
    H, C = W2.shape

    # forward
    a1 = np.maximum(0, X.dot(W1) + b1)
    scores = a1.dot(W2) + b2
    scores -= np.max(scores, axis=1).reshape(N, 1)
    probs = np.exp(scores)
    probs /= np.sum(probs, axis=1).reshape(N, 1)

    loss = 0.0
    for i in range(N):
        loss -= np.log(probs[i, y[i]])
    loss /= N
    loss += 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))

    # backward
    dscores = probs
    dscores[np.arange(N), y] -= 1
    dscores /= N
    grads = {}
    grads["W2"] = a1.T.dot(dscores) + 2 * reg * W2
    grads["b2"] = np.ones(N).dot(dscores)
    da1 = dscores.dot(W2.T)
    da1[a1 <= 0] = 0
    grads["W1"] = X.T.dot(da1) + 2 * reg * W1
    grads["b1"] = np.ones(N).dot(da1)
    return loss, grads
