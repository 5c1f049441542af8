import numpy as np


def softmax(x):
    e = np.exp(x - np.max(x, axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def softmax_loss(scores, labels):
    """Loss and gradient with respect to the scores."""
    count = scores.shape[0]
    probabilities = softmax(scores)
    value = -np.log(probabilities[np.arange(count), labels]).sum() / count
    probabilities[np.arange(count), labels] -= 1
    return value, probabilities / count


def loss(X, y, W1, b1, W2, b2, reg):
    hidden = np.maximum(0, X @ W1 + b1)
    output = softmax(hidden @ W2 + b2)
    data_loss, doutput = softmax_loss(output, y)
    J = data_loss + reg * (np.sum(W1 * W1) + np.sum(W2 * W2))

    dhidden = doutput @ W2.T
    dhidden[hidden <= 0] = 0
    grads = {}
    grads["W2"] = hidden.T @ doutput + 2 * reg * W2
    grads["b2"] = doutput.sum(axis=0)
    grads["W1"] = X.T @ dhidden + 2 * reg * W1
    grads["b1"] = dhidden.sum(axis=0)
    return J, grads
