import numpy as np

BATCH = 3


def batches(*arrays):
    """Slices of BATCH rows; the last one may be smaller."""
    for start in range(0, len(arrays[0]), BATCH):
        yield tuple(a[start : start + BATCH] for a in arrays)


def softmax(Z):
    e = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def cross_entropy(Z, Y):
    total, count = 0.0, 0
    for z, t in batches(Z, Y):
        total -= np.sum(np.log(np.max(softmax(z) * t, axis=-1)))
        count += len(z)
    return total / count


def cross_entropy_gradient(Z, Y):
    return np.concatenate([softmax(z) - t for z, t in batches(Z, Y)]) / len(Z)


def model_forward(X, W, b):
    return np.concatenate([x @ W.T + b for (x,) in batches(X)])


def model_backward(X, Y, W, b):
    n = len(X)
    dW = np.zeros_like(W)
    db = np.zeros_like(b)
    for x, t in batches(X, Y):
        share = len(x) / n
        delta = (softmax(x @ W.T + b) - t) / len(x)  # gradient of the batch's own mean
        dW += share * delta.T @ x
        db += share * delta.sum(axis=0)
    return dW, db
