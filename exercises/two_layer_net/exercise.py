"""A two-layer relu network with softmax cross-entropy and L2, integer labels: loss and gradients in one function."""

from derivations.models import network
from gradcheck import Exercise, Task, labels, mapping

PARAMETERS = ("W1", "b1", "W2", "b2")

model = network(
    "two-layer-net", "Two-layer relu network with L2", depth=2, activation="relu", l2="full", rows=True, constant="reg"
)

exercise = Exercise(
    "two-layer-net",
    model,
    [
        Task(
            "loss",
            ["X", labels("y", of="Y"), *PARAMETERS, "reg"],
            ["J", mapping("grads", {name: f"dJ/d{name}" for name in PARAMETERS})],
            points=5,
        )
    ],
)
