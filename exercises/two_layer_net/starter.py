# gradcheck: exercise two-layer-net
"""Two-layer relu network with softmax loss and L2. See the handout, README.md; check with: gradcheck FILE"""

import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    """Loss and gradients of the network.

    X: features, shape (n, p)
    y: labels, integers from 0 to M - 1, shape (n,)
    W1, b1: first layer, shapes (p, H) and (H,)
    W2, b2: second layer, shapes (H, M) and (M,)
    reg: strength of the penalty, a number

    Returns J, a number, and grads, a dict with keys "W1", "b1", "W2", "b2" and the shapes of the parameters.
    """
    raise NotImplementedError
