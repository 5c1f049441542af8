from numpy import *


def loss(X, y, W1, b1, W2, b2, reg):
    # forward
    n = X.shape[0]
    H = maximum(0, X.dot(W1) + b1)
    S = H.dot(W2) + b2
    E = exp(S - S.max(axis=1)[:, newaxis])
    P = E / E.sum(axis=1)[:, newaxis]
    J = -log(P[arange(n), y]).mean() + reg * (power(W1, 2).sum() + power(W2, 2).sum())

    # backward
    P[arange(n), y] -= 1
    dS = P / n
    dH = dS.dot(W2.T) * (H > 0)
    gradients = {"W1": X.T.dot(dH), "b1": dH.sum(axis=0), "W2": H.T.dot(dS), "b2": dS.sum(axis=0)}

    # regularization
    for name, weights in zip(["W1", "W2"], [W1, W2]):
        gradients[name] = gradients[name] + 2 * reg * sum(weights)
    return J, gradients
