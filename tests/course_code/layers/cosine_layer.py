import numpy as np


def cosine_forward(x, w):
    """
    Cosine similarity between every row of x and every column of w.

    x: (N, D)
    w: (D, M)
    out: (N, M), all entries in [-1, 1]
    """
    xn = np.linalg.norm(x, axis=1, keepdims=True)
    wn = np.linalg.norm(w, axis=0, keepdims=True)
    xu = x / xn
    wu = w / wn
    out = xu @ wu
    return out, (xu, wu, xn, wn)


def cosine_backward(dout, cache):
    xu, wu, xn, wn = cache
    dxu = dout @ wu.T
    dwu = xu.T @ dout
    # project out the radial part
    dx = (dxu - xu * np.sum(xu * dxu, axis=1, keepdims=True)) / xn
    dw = (dwu - wu * np.sum(wu * dwu, axis=0, keepdims=True)) / wn
    return dx, dw


def rbf_forward(x, centers, gamma=0.5):
    diff = x[:, None, :] - centers[None, :, :]      # N K D
    d2 = (diff ** 2).sum(-1)
    out = np.exp(-gamma * d2)
    return out, (diff, out, gamma)


def rbf_backward(dout, cache):
    diff, out, gamma = cache
    dd2 = -gamma * out * dout
    ddiff = 2 * diff * dd2[:, :, None]
    dx = ddiff.sum(axis=1)
    dcenters = -ddiff.sum(axis=0)
    return dx, dcenters


def rel_error(a, b):
    return np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))


def numeric_grad(f, x, df, h=1e-5):
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=['multi_index'])
    while not it.finished:
        ix = it.multi_index
        old = x[ix]
        x[ix] = old + h
        p = f(x).copy()
        x[ix] = old - h
        m = f(x).copy()
        x[ix] = old
        grad[ix] = np.sum((p - m) * df) / (2 * h)
        it.iternext()
    return grad


if __name__ == "__main__":
    x = np.random.randn(5, 4)
    w = np.random.randn(4, 3)
    o, c = cosine_forward(x, w)
    d = np.random.randn(*o.shape)
    dx, dw = cosine_backward(d, c)
    print('dx', rel_error(dx, numeric_grad(lambda x: cosine_forward(x, w)[0], x, d)))
    print('dw', rel_error(dw, numeric_grad(lambda w: cosine_forward(x, w)[0], w, d)))
