import numpy as np

SLOPE = 0.01


def activation(x, derivative=False):
    if derivative:
        return np.where(x > 0, 1, SLOPE)
    return np.where(x > 0, x, 0)


def loss(X, y, W1, b1, W2, b2, reg):
    n = len(y)
    h_in = X @ W1 + b1
    h_out = activation(h_in)
    o_in = h_out @ W2 + b2
    e = np.exp(o_in - o_in.max(axis=1, keepdims=True))
    o_out = e / e.sum(axis=1, keepdims=True)
    J = -np.sum(np.log(o_out[np.arange(n), y])) / n
    J += reg * np.sum(W1**2) + reg * np.sum(W2**2)

    targets = np.zeros(o_out.shape)
    targets[np.arange(n), y] = 1
    o_delta = (o_out - targets) / n
    h_delta = o_delta @ W2.T * activation(h_in, derivative=True)
    grads = {}
    for name, layer_input, delta, W in [("2", h_out, o_delta, W2), ("1", X, h_delta, W1)]:
        grads["W" + name] = layer_input.T @ delta + 2 * reg * W
        grads["b" + name] = delta.sum(axis=0)
    return J, grads
