# gradcheck: exercise two-layer-net
import numpy as np


def relu_forward(x):
    out = x.copy()
    out[x < 0] = 0
    return out, x


def relu_backward(dout, cache):
    x = cache
    dx = dout.copy()
    dx[x > 0] = 0
    return dx


def loss(X, y, W1, b1, W2, b2, reg):
    n = X.shape[0]
    hidden, relu_cache = relu_forward(X.dot(W1) + b1)
    scores = hidden.dot(W2) + b2
    probs = np.exp(scores - scores.max(axis=1, keepdims=True))
    probs /= probs.sum(axis=1, keepdims=True)
    J = -np.log(probs[range(n), y]).sum() / n + reg * np.sum(W1 * W1) + reg * np.sum(W2 * W2)

    probs[range(n), y] -= 1
    probs /= n
    dpre = relu_backward(probs.dot(W2.T), relu_cache)
    return J, {
        "W1": X.T.dot(dpre) + 2 * reg * W1,
        "b1": dpre.sum(axis=0),
        "W2": hidden.T.dot(probs) + 2 * reg * W2,
        "b2": probs.sum(axis=0),
    }
