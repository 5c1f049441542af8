# gradcheck: exercise softmax-regression
"""Softmax regression with the cross-entropy."""

import numpy as np


def softmax(Z):
    """Probabilities, shape (n, M); rows are shifted by their maximum, so exp cannot overflow."""
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def cross_entropy(Z, Y):
    """J = (1/n) sum_i (ln sum_l e^z_il - sum_m y_im z_im), shifted by each row's maximum."""
    Z = Z - Z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(Z).sum(axis=1)) - (Y * Z).sum(axis=1))


def cross_entropy_gradient(Z, Y):
    """dJ/dz_im = (a_im - y_im) / n, shape (n, M)."""
    return (softmax(Z) - Y) / len(Z)


def model_forward(X, W, b):
    """Logits z_im = sum_j w_mj x_ij + b_m, shape (n, M)."""
    return X @ W.T + b


def model_backward(X, Y, W, b):
    """dJ/dw_mj = sum_i dJ/dz_im x_ij, shape (M, p), and dJ/db_m = sum_i dJ/dz_im, shape (M,)."""
    dZ = cross_entropy_gradient(model_forward(X, W, b), Y)
    return dZ.T @ X, dZ.sum(axis=0)
