"""Convolution as a layer: forward, and its vector-Jacobian product with a given gradient."""

from derivations.models import convolution
from gradcheck import Exercise, Task

exercise = Exercise(
    "convolution",
    convolution(),
    [
        Task("conv_forward", "x, w, b", "out"),
        Task("conv_backward", "dout, x, w, b", "dJ/dx, dJ/dw, dJ/db", points=4),
    ],
)
