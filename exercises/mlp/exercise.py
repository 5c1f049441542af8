"""A multilayer perceptron in column layout: samples are columns, W is (fan-out, fan-in), b is (fan-out, 1)."""

from derivations.exercise import Shaped
from derivations.models import network
from gradcheck import Case, Exercise, Task, choice, column, mapping, transposed


def perceptron(depth: int, activation: str) -> Case:
    """A network with so many layers of weights, its parameters named W1, b1, ..."""
    title = f"{depth}-layer {activation} network"
    model = network("mlp", title, depth=depth, activation=activation, l2="none", fused=False)

    def parameters(group: str, derivative: str = "") -> Shaped:
        """The parameters or their gradients, in a dict W1, b1, ...; a single layer's are W and b in the model."""
        members = {}
        for layer in range(1, depth + 1):
            suffix = layer if depth > 1 else ""
            members[f"W{layer}"] = f"{derivative}W{suffix}"
            members[f"b{layer}"] = column(f"{derivative}b{suffix}")
        return mapping(group, members)

    arguments = [transposed("X"), parameters("parameters"), choice("activation", activation)]
    tasks = (
        Task("model_forward", arguments, [transposed("y_hat", "Y_hat")]),
        Task("cross_entropy", [transposed("y_hat", "Y_hat"), transposed("Y")], "J"),
        Task(
            "model_backward",
            [arguments[0], transposed("Y"), *arguments[1:]],
            [parameters("gradients", "dJ/d")],
            points=4,
        ),
    )
    return Case(model, tasks, label=title)


exercise = Exercise(
    "mlp",
    cases=(
        perceptron(1, "relu"),
        *(perceptron(depth, activation) for depth in (2, 3) for activation in ("relu", "sigmoid")),
    ),
)
