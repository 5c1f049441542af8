"""Softmax regression with cross-entropy, J = 1/n sum_i (ln sum_l exp(z_il) - sum_m y_im z_im)."""

from derivations.models import softmax_regression
from gradcheck import Exercise, Task

exercise = Exercise(
    "softmax-regression",
    softmax_regression(),
    [
        Task("softmax", "Z = z", "y_hat"),
        Task("cross_entropy", "Z = z, Y", "J"),
        Task("cross_entropy_gradient", "Z = z, Y", "dZ = dJ/dz"),
        Task("model_forward", "X, W, b", "Z = z"),
        Task("model_backward", "X, Y, W, b", "dJ/dW, dJ/db", points=2),
    ],
)
