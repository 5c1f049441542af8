import numpy as np

rs = np.random.RandomState(2)

def encode(X, W, b):
    return 1. / (1. + np.exp(-(np.einsum('nd,dh->nh', X, W) + b)))

def decode(H, W, c):
    # tied weights
    return np.einsum('nh,dh->nd', H, W) + c

def recon_loss(W, b, c, X):
    R = decode(encode(X, W, b), W, c)
    return ((R - X) ** 2).sum(axis=1).mean()

def recon_grad(W, b, c, X):
    """gradients of recon_loss wrt. W, b and c"""
    n = X.shape[0]
    H = encode(X, W, b)
    E = 2 * (decode(H, W, c) - X) / n
    gc = np.einsum('nd->d', E)
    gW = np.einsum('nd,nh->dh', E, H)             # decoder part
    D = np.einsum('nd,dh->nh', E, W) * H * (1 - H)
    gb = np.einsum('nh->h', D)
    gW += np.einsum('nd,nh->dh', X, D)            # + encoder part
    return gW, gb, gc

def sgd(X, n_hidden=5, lr=0.05, epochs=20, batch=10):
    d = X.shape[1]
    W = rs.randn(d, n_hidden) * 0.1
    b = np.zeros(n_hidden)
    c = np.zeros(d)
    for ep in range(epochs):
        perm = rs.permutation(len(X))
        for s in range(0, len(X), batch):
            xb = X[perm[s:s + batch]]
            gW, gb, gc = recon_grad(W, b, c, xb)
            W -= lr * gW; b -= lr * gb; c -= lr * gc
        print('epoch %d  loss %.4f' % (ep, recon_loss(W, b, c, X)))
    return W, b, c

if __name__ == '__main__':
    Z = rs.randn(200, 3)
    X = Z.dot(rs.randn(3, 8)) + 0.1 * rs.randn(200, 8)
    sgd(X)
