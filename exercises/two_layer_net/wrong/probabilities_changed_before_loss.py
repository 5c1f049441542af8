import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    N = X.shape[0]
    hidden = np.maximum(0, X @ W1 + b1)
    scores = hidden @ W2 + b2
    exp_scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    probs = exp_scores / exp_scores.sum(axis=1, keepdims=True)

    # gradients
    grads = {}
    dscores = probs
    dscores[np.arange(N), y] -= 1
    dhidden = dscores @ W2.T
    dhidden[hidden <= 0] = 0
    grads["W1"] = X.T @ dhidden / N + 2 * reg * W1
    grads["b1"] = dhidden.sum(axis=0) / N
    grads["W2"] = hidden.T @ dscores / N + 2 * reg * W2
    grads["b2"] = dscores.sum(axis=0) / N

    # loss
    correct = probs[np.arange(N), y]
    data_loss = -np.mean(np.log(correct))
    reg_loss = reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
    return data_loss + reg_loss, grads
