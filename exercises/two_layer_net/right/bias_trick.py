from numpy import *


def with_ones(A):
    return c_[A, ones(A.shape[0])]


def loss(X, y, W1, b1, W2, b2, reg):
    n = X.shape[0]
    V1 = r_[W1, b1[None, :]]
    V2 = r_[W2, b2[None, :]]

    A0 = with_ones(X)
    Z1 = A0 @ V1
    A1 = with_ones(maximum(Z1, 0))
    Z2 = A1 @ V2

    Z2 = Z2 - amax(Z2, axis=1, keepdims=True)
    T = (y[:, None] == arange(len(b2))) * 1.0
    E = exp(Z2)
    P = E / E.sum(axis=1, keepdims=True)
    J = -(T * log(P)).sum() / n

    D2 = (P - T) / n
    D1 = (D2 @ V2[:-1].T) * sign(maximum(Z1, 0))
    dV2 = A1.T @ D2
    dV1 = A0.T @ D1

    # the last rows belong to the biases: no penalty there
    mask1, mask2 = ones(V1.shape), ones(V2.shape)
    mask1[-1], mask2[-1] = 0, 0
    J += reg * sum(mask1 * V1**2) + reg * sum(mask2 * V2**2)
    dV1 += 2 * reg * mask1 * V1
    dV2 += 2 * reg * mask2 * V2
    return J, {"W1": dV1[:-1], "b1": dV1[-1], "W2": dV2[:-1], "b2": dV2[-1]}
