import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    n = X.shape[0]
    a = np.maximum(0, np.einsum("np,pk->nk", X, W1) + b1)
    s = np.einsum("nk,km->nm", a, W2) + b2
    p = np.exp(s)
    p = p / p.sum(axis=1)[:, None]
    Y = np.equal.outer(y, np.arange(len(b2))).astype(float)
    J = -(Y * np.log(p)).sum() / n + reg * ((W1**2).sum() + (W2**2).sum())

    q = (p - Y) / n
    da = np.einsum("nm,km->nk", q, W2)
    relu_derivative = np.ones(a.shape)
    relu_derivative[a < 0] = 0
    dz = da * relu_derivative
    grads = {
        "W1": np.einsum("np,nk->pk", X, dz) + 2 * reg * W1,
        "b1": dz.sum(axis=0),
        "W2": np.einsum("nk,nm->km", a, q) + 2 * reg * W2,
        "b2": q.sum(axis=0),
    }
    return J, grads
