"""Homework 4 - Poisson regression (counts of bikes)"""
import numpy as np
from math import lgamma


def neg_log_likelihood(w, X, y):
    """X: (n, d) design matrix with the constant column, y: (n,) counts"""
    eta = X @ w
    lam = np.exp(eta)
    logfact = np.array([lgamma(k + 1) for k in y])
    return np.sum(lam - y * eta + logfact)


def nll_grad(w, X, y):
    lam = np.exp(X @ w)
    assert lam.shape == y.shape
    return X.T @ (lam - y)


def nll_hess(w, X, y):
    lam = np.exp(X @ w)
    return (X * lam[:, None]).T @ X


def fit_newton(X, y, n_iter=10):
    w = np.zeros(X.shape[1])
    for _ in range(n_iter):
        w = w - np.linalg.solve(nll_hess(w, X, y), nll_grad(w, X, y))
    return w


if __name__ == '__main__':
    X = np.c_[np.ones(200), np.random.rand(200, 2)]
    y = np.random.poisson(np.exp(X @ [0.2, 1., -0.7]))
    print(fit_newton(X, y))
