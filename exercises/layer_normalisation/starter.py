# gradcheck: exercise layer-normalisation
"""Layer normalisation. See the handout, README.md; check with: gradcheck FILE"""

import numpy as np

EPS = 1e-5


def layernorm_forward(x, gamma, beta):
    """Every sample normalised over its features, then scaled and shifted.

    x: inputs, shape (n, p)
    gamma: scales, shape (p,)
    beta: shifts, shape (p,)

    Returns out, shape (n, p).
    """
    raise NotImplementedError


def layernorm_backward(dout, x, gamma, beta):
    """Gradients of the loss, whose gradient with respect to the output is dout.

    dout: gradient from above, shape (n, p)
    x: inputs, shape (n, p)
    gamma: scales, shape (p,)
    beta: shifts, shape (p,)

    Returns dJ/dx, shape (n, p), dJ/dgamma, shape (p,), and dJ/dbeta, shape (p,).
    """
    raise NotImplementedError
