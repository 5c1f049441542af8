# gradcheck: exercise batch-normalisation
"""Batch normalisation as a layer. See the handout, README.md; check with: gradcheck FILE"""

import numpy as np

EPS = 1e-5


def batchnorm_forward(x, gamma, beta):
    """Every feature normalised over the samples, then scaled and shifted.

    x: inputs, shape (n, p)
    gamma: scales, shape (p,)
    beta: shifts, shape (p,)

    Returns out, shape (n, p).
    """
    raise NotImplementedError


def batchnorm_backward(dout, x, gamma, beta):
    """Gradients of the loss, whose gradient with respect to the output is dout.

    dout: gradient from above, shape (n, p)
    x: inputs, shape (n, p)
    gamma: scales, shape (p,)
    beta: shifts, shape (p,)

    Returns dJ/dx, shape (n, p), dJ/dgamma, shape (p,), and dJ/dbeta, shape (p,).
    """
    raise NotImplementedError
