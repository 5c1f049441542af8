# gradcheck: exercise convolution
"""Convolution as a layer. See the handout, README.md; check with: gradcheck FILE"""

import numpy as np


def conv_forward(x, w, b):
    """Every filter at every place of every image.

    x: images, shape (n, C, H, W)
    w: filters, shape (F, C, A, B)
    b: biases, shape (F,)

    Returns out, shape (n, F, P, Q), where P = H - A + 1 and Q = W - B + 1.
    """
    raise NotImplementedError


def conv_backward(dout, x, w, b):
    """Gradients of the loss, whose gradient with respect to the output is dout.

    dout: gradient from above, shape (n, F, P, Q)
    x: images, shape (n, C, H, W)
    w: filters, shape (F, C, A, B)
    b: biases, shape (F,)

    Returns dJ/dx, shape (n, C, H, W), dJ/dw, shape (F, C, A, B), and dJ/db, shape (F,).
    """
    raise NotImplementedError
