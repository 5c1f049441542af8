import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    N = X.shape[0]
    hidden = np.maximum(0, X @ W1 + b1)
    scores = hidden @ W2 + b2
    scores = scores - np.max(scores, axis=1, keepdims=True)
    exp_scores = np.exp(scores)
    sums = np.sum(exp_scores, axis=1, keepdims=True)
    J = np.mean(np.log(sums).flatten() - scores[np.arange(N), y])
    J = J + reg * (np.sum(np.power(W1, 2)) + np.sum(np.power(W2, 2)))

    onehot = np.zeros((N, W2.shape[1]))
    onehot[np.arange(N), y] = 1
    dscores = (exp_scores / sums - onehot) / N
    dW2 = hidden.T @ dscores + 2 * reg * W2
    db2 = dscores.sum(axis=0)

    # derivative of relu is 1 where the unit is active
    dhidden = dscores @ W2.T
    dhidden[hidden > 0] *= 1
    dW1 = X.T @ dhidden + 2 * reg * W1
    db1 = dhidden.sum(axis=0)
    return J, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
