import numpy as np


def one_sample(x, label, W1, b1, W2, b2):
    """Loss and gradients of one sample, with outer products."""
    z = x @ W1 + b1
    h = np.maximum(z, 0)
    s = h @ W2 + b2
    s = s - max(s)
    p = np.exp(s) / sum(np.exp(s))
    t = np.zeros(len(b2))
    t[label] = 1
    d2 = p - t
    d1 = W2 @ d2 * np.heaviside(z, 0)
    return -np.log(p[label]), np.outer(x, d1), d1, np.outer(h, d2), d2


def loss(X, y, W1, b1, W2, b2, reg):
    J = 0
    grads = {"W1": np.zeros(W1.shape), "b1": np.zeros(b1.shape), "W2": np.zeros(W2.shape), "b2": np.zeros(b2.shape)}
    for x, label in zip(X, y):
        results = one_sample(x, label, W1, b1, W2, b2)
        J += results[0]
        for name, g in zip(grads, results[1:]):
            grads[name] += g
    n = len(y)
    J /= n
    for name in grads:
        grads[name] /= n
    for name, W in (("W1", W1), ("W2", W2)):
        J += reg * (W**2).sum()
        grads[name] += 2 * reg * W
    return J, grads
