import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    n = X.shape[0]
    hidden_layer = np.maximum(0, np.dot(X, W1) + b1)
    scores = np.dot(hidden_layer, W2) + b2

    # probabilities of the classes
    exp_scores = np.exp(scores - np.max(scores))
    probs = exp_scores / np.sum(exp_scores, axis=1)
    correct_logprobs = -np.log(probs[range(n), y])
    J = np.sum(correct_logprobs) / n
    J += reg * np.sum(W1 * W1) + reg * np.sum(W2 * W2)

    dscores = probs
    dscores[range(n), y] -= 1
    dscores /= n
    dhidden = np.dot(dscores, W2.T)
    dhidden[hidden_layer <= 0] = 0
    return J, {
        "W1": np.dot(X.T, dhidden) + 2 * reg * W1,
        "b1": np.sum(dhidden, axis=0),
        "W2": np.dot(hidden_layer.T, dscores) + 2 * reg * W2,
        "b2": np.sum(dscores, axis=0),
    }
