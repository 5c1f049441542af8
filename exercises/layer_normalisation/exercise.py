"""Layer normalisation: forward, and its vector-Jacobian product with a given gradient."""

from derivations.models import layer_normalisation
from gradcheck import Exercise, Task

exercise = Exercise(
    "layer-normalisation",
    layer_normalisation(),
    [
        Task("layernorm_forward", "x, gamma, beta", "out"),
        Task("layernorm_backward", "dout, x, gamma, beta", "dJ/dx, dJ/dgamma, dJ/dbeta", points=4),
    ],
)
