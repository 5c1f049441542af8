import numpy as np


def one_hot(y, number_of_classes):
    """Class 1 is the first column, class 2 the second and so on."""
    out = np.zeros((len(y), number_of_classes))
    for i, label in enumerate(y):
        out[i, label - 1] = 1
    return out


def loss(X, y, W1, b1, W2, b2, reg):
    n = X.shape[0]
    T = one_hot(y, W2.shape[1])
    hidden = np.maximum(0, X @ W1 + b1)
    scores = hidden @ W2 + b2
    exps = np.exp(scores - scores.max(axis=1, keepdims=True))
    probs = exps / exps.sum(axis=1, keepdims=True)
    J = -np.sum(T * np.log(probs)) / n + reg * (np.sum(W1**2) + np.sum(W2**2))

    dscores = (probs - T) / n
    dhidden = dscores @ W2.T
    dhidden[hidden == 0] = 0
    dW1 = X.T @ dhidden + 2 * reg * W1
    dW2 = hidden.T @ dscores + 2 * reg * W2
    return J, {"W1": dW1, "b1": dhidden.sum(axis=0), "W2": dW2, "b2": dscores.sum(axis=0)}
