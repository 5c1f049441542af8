import numpy as np


def relu(x):
    return np.maximum(x, 0)


def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def loss(X, y, W1, b1, W2, b2, reg):
    n = X.shape[0]
    hidden = relu(X.dot(W1) + b1)
    probs = softmax(hidden.dot(W2) + b2)
    loss = np.mean(-np.log(probs[np.arange(n), y]))
    loss += reg * (np.sum(W1**2) + np.sum(W2**2))

    # gradients; weight decay makes the weights smaller
    probs[np.arange(n), y] -= 1
    probs /= n
    back = probs.dot(W2.T)
    back[hidden == 0] = 0
    gW1 = X.T.dot(back) - 2 * reg * W1
    gW2 = hidden.T.dot(probs) + 2 * reg * W2
    return loss, {"W1": gW1, "b1": back.sum(axis=0), "W2": gW2, "b2": probs.sum(axis=0)}
