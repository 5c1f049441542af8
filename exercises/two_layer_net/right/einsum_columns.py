import numpy as np


def one_hot(labels, classes):
    Y = np.zeros((len(labels), classes), dtype=int)
    for row, label in zip(Y, labels):
        row[int(label)] = 1
    return Y


def forward(X, W1, b1, W2, b2):
    z1 = np.einsum("np,ph->nh", X, W1) + b1
    z2 = np.einsum("nh,hm->nm", np.maximum(z1, 0), W2) + b2
    e = np.exp(z2 - z2.max(axis=1, keepdims=True))
    return z1, e / np.einsum("nm->n", e)[:, None]


def loss(data, labels, W1, b1, W2, b2, lam):
    z1, probs = forward(data, W1, b1, W2, b2)
    Y = one_hot(labels, len(b2))
    J = -np.einsum("nm,nm->", Y, np.log(probs)) / len(data)
    J += lam * (np.einsum("ph,ph->", W1, W1) + np.einsum("hm,hm->", W2, W2))
    d2 = (probs - Y) / len(data)
    d1 = np.einsum("nm,hm,nh->nh", d2, W2, z1 > 0)
    grads = {}
    grads["b2"] = np.einsum("nm->m", d2)[:, None]  # (M, 1)
    grads["W2"] = np.einsum("nh,nm->hm", np.maximum(z1, 0), d2) + 2 * lam * W2
    grads["b1"] = np.einsum("nh->h", d1)[:, None]  # (H, 1)
    grads["W1"] = np.einsum("np,nh->ph", data, d1) + 2 * lam * W1
    return J, grads
