import numpy as np

dtype = np.float32


def loss(X, y, W1, b1, W2, b2, reg):
    X, W1, b1, W2, b2 = [np.asarray(a, dtype=dtype) for a in (X, W1, b1, W2, b2)]
    reg = dtype(reg)
    N = np.int32(X.shape[0])

    h = np.maximum(X @ W1 + b1, dtype(0))
    s = h @ W2 + b2
    s -= s.max(axis=1, keepdims=True)
    p = np.exp(s)
    p /= p.sum(axis=1, keepdims=True)
    J = -np.log(p[np.arange(N), y]).mean() + reg * (np.sum(W1 * W1) + np.sum(W2 * W2))

    p[np.arange(N), y] -= dtype(1)
    p /= dtype(N)
    dh = p @ W2.T
    dh *= h > 0
    grads = dict(W1=X.T @ dh, b1=dh.sum(axis=0), W2=h.T @ p, b2=p.sum(axis=0))
    grads["W1"] += dtype(2) * reg * W1
    grads["W2"] += dtype(2) * reg * W2
    return J, grads
