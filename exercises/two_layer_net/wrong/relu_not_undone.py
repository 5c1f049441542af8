import numpy as np


def affine_forward(x, w, b):
    return x.dot(w) + b, (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    return dout.dot(w.T), x.T.dot(dout), dout.sum(axis=0)


def relu_forward(x):
    return np.maximum(x, 0), x


def softmax_loss(x, y):
    N = x.shape[0]
    shifted = x - np.max(x, axis=1, keepdims=True)
    Z = np.sum(np.exp(shifted), axis=1, keepdims=True)
    log_probs = shifted - np.log(Z)
    probs = np.exp(log_probs)
    dx = probs.copy()
    dx[np.arange(N), y] -= 1
    return -np.sum(log_probs[np.arange(N), y]) / N, dx / N


def loss(X, y, W1, b1, W2, b2, reg):
    a, fc1_cache = affine_forward(X, W1, b1)
    h, relu_cache = relu_forward(a)
    scores, fc2_cache = affine_forward(h, W2, b2)
    data_loss, dscores = softmax_loss(scores, y)
    J = data_loss + reg * np.sum(W1 * W1) + reg * np.sum(W2 * W2)

    dh, dW2, db2 = affine_backward(dscores, fc2_cache)
    dX, dW1, db1 = affine_backward(dh, fc1_cache)
    dW2 += 2 * reg * W2
    dW1 += 2 * reg * W1
    return J, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
