# gradcheck: exercise activations
"""Activations and their backward passes. See the handout, README.md; check with: gradcheck FILE"""

import numpy as np


def relu(Z):
    """max(z, 0), elementwise.

    Z: pre-activation, shape (n, H)

    Returns A, shape (n, H).
    """
    raise NotImplementedError


def relu_backward(dA, Z):
    """Gradient of the loss with respect to Z.

    dA: gradient of the loss with respect to relu(Z), shape (n, H)
    Z: pre-activation, shape (n, H)

    Returns dJ/dZ, shape (n, H).
    """
    raise NotImplementedError


def sigmoid(Z):
    """1 / (1 + exp(-z)), elementwise.

    Z: pre-activation, shape (n, H)

    Returns A, shape (n, H).
    """
    raise NotImplementedError


def sigmoid_backward(dA, Z):
    """Gradient of the loss with respect to Z.

    dA: gradient of the loss with respect to sigmoid(Z), shape (n, H)
    Z: pre-activation, shape (n, H)

    Returns dJ/dZ, shape (n, H).
    """
    raise NotImplementedError


def tanh(Z):
    """tanh(z), elementwise.

    Z: pre-activation, shape (n, H)

    Returns A, shape (n, H).
    """
    raise NotImplementedError


def tanh_backward(dA, Z):
    """Gradient of the loss with respect to Z.

    dA: gradient of the loss with respect to tanh(Z), shape (n, H)
    Z: pre-activation, shape (n, H)

    Returns dJ/dZ, shape (n, H).
    """
    raise NotImplementedError


def improved_sigmoid(Z):
    """1.7159 tanh(2z/3), elementwise.

    Z: pre-activation, shape (n, H)

    Returns A, shape (n, H).
    """
    raise NotImplementedError


def improved_sigmoid_backward(dA, Z):
    """Gradient of the loss with respect to Z.

    dA: gradient of the loss with respect to improved_sigmoid(Z), shape (n, H)
    Z: pre-activation, shape (n, H)

    Returns dJ/dZ, shape (n, H).
    """
    raise NotImplementedError


def softmax_jacobian(z):
    """Derivative of the softmax s of one vector.

    z: logits, shape (M,)

    Returns ds_i/dz_j, shape (M, M), row i, column j.
    """
    raise NotImplementedError
