"""Column layout inside; the last row of W1 is split off as the bias it is."""
import numpy


def sgd_update(w, dw, lr):
    return w * 1.0 + -lr * dw


def momentum_update(w, dw, velocity, lr, mu):
    velocity_new = mu * velocity - lr * dw
    return w + velocity_new, velocity_new


def forward(X, W, b, V):
    Z = numpy.einsum("jk,jn->kn", W, X) + b[:, None]
    A = numpy.where(Z >= 0, 1 / (1 + numpy.exp(-abs(Z))), numpy.exp(-abs(Z)) / (1 + numpy.exp(-abs(Z))))
    S = numpy.einsum("km,kn->mn", V, A)
    E = numpy.exp(S - S.max(axis=0))
    return A, E / E.sum(axis=0)


def backward(X, A, P, Y, V):
    n = X.shape[1]
    dS = numpy.subtract(P, Y) / n
    dV = numpy.einsum("kn,mn->km", A, dS)
    dZ = numpy.einsum("km,mn,kn,kn->kn", V, dS, A, 1 - A)
    return numpy.einsum("jn,kn->jk", X, dZ), dZ.sum(axis=1), dV


def backward_update(X, Y, W1, W2, lr):
    X, Y = X.T[:-1], Y.T
    W, b = W1[:-1], W1[-1]
    A, P = forward(X, W, b, W2)
    dW, db, dV = backward(X, A, P, Y, W2)
    W1_new = numpy.vstack([sgd_update(W, dW, lr), sgd_update(b, db, lr)])
    return W1_new, sgd_update(W2, dV, lr)
