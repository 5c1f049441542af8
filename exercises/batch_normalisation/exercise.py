"""Batch normalisation as a layer: forward, and its vector-Jacobian product with a given gradient."""

from derivations.models import batch_normalisation
from gradcheck import Exercise, Task

exercise = Exercise(
    "batch-normalisation",
    batch_normalisation(),
    [
        Task("batchnorm_forward", "x, gamma, beta", "out"),
        Task("batchnorm_backward", "dout, x, gamma, beta", "dJ/dx, dJ/dgamma, dJ/dbeta", points=4),
    ],
)
