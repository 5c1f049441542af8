import numpy as np


class Momentum:
    """Keeps a velocity for one parameter."""

    def __init__(self, v, learning_rate, mu):
        self.v = v
        self.learning_rate = learning_rate
        self.mu = mu

    def __call__(self, w, dw):
        self.v = self.mu * self.v - self.learning_rate * dw
        return self.v, w + self.v


def sgd_update(w, dw, learning_rate):
    return w - learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    update = Momentum(v, learning_rate, mu)
    return update(w, dw)


def backward_update(X, Y, W1, W2, learning_rate):
    A = {0: X}
    A[1] = 1 / (1 + np.exp(-np.einsum("ij,jk->ik", A[0], W1)))
    A[2] = np.exp(np.einsum("ij,jk->ik", A[1], W2))
    A[2] /= np.einsum("ij->i", A[2])[:, None]
    D = {2: (A[2] - Y) / len(Y)}
    D[1] = np.einsum("ik,jk,ij,ij->ij", D[2], W2, A[1], 1 - A[1])
    dW1, dW2 = (np.einsum("ij,ik->jk", A[l], D[l + 1]) for l in (0, 1))
    return sgd_update(W1, dW1, learning_rate), sgd_update(W2, dW2, learning_rate)
