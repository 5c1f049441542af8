"""Right functions in odd but plausible styles, in place of the solution's own: nothing may be said against them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from checkers.findings import Verdict
from gradcheck import check_file

EXERCISES = Path(__file__).parents[2] / "exercises"

# Each calls the solution's function, bound to `right`, and takes its arguments or returns its values in another way.
STYLES = {
    "options in **kwargs": (
        "mlp/model_forward",
        """
        def model_forward(X, parameters, **options):
            return right(X, parameters, options.get("activation", "relu"))
        """,
    ),
    "keyword-only under another name": (
        "mlp/model_forward",
        """
        def model_forward(X, parameters, *, kind="relu"):
            return right(X, parameters, kind)
        """,
    ),
    "keywords behind a decorator": (
        "mlp/model_forward",
        """
        def forward(X, parameters, *, activation="relu"):
            return right(X, parameters, activation)

        def model_forward(*args, **kwargs):
            return forward(*args, **kwargs)
        """,
    ),
    "pairs by layer": (
        "mlp/model_backward",
        """
        def model_backward(X, Y, parameters, activation="relu"):
            grads = right(X, Y, parameters, activation)
            return [(grads[f"W{l}"], grads[f"b{l}"]) for l in range(1, len(grads) // 2 + 1)]
        """,
    ),
    "lists by letter": (
        "mlp/model_backward",
        """
        def model_backward(X, Y, parameters, activation="relu"):
            grads = right(X, Y, parameters, activation)
            layers = range(1, len(grads) // 2 + 1)
            return {"dW": [grads[f"W{l}"] for l in layers], "db": [grads[f"b{l}"] for l in layers]}
        """,
    ),
    "a dict for each layer": (
        "mlp/model_backward",
        """
        def model_backward(X, Y, parameters, activation="relu"):
            grads = right(X, Y, parameters, activation)
            layers = range(1, len(grads) // 2 + 1)
            return {f"layer{l}": {"W": grads[f"W{l}"], "b": grads[f"b{l}"]} for l in layers}
        """,
    ),
    "gradients beside the parameters": (
        "mlp/model_backward",
        """
        def model_backward(X, Y, parameters, activation="relu"):
            grads = right(X, Y, parameters, activation)
            return {**parameters, **{f"d{name}": grad for name, grad in grads.items()}}
        """,
    ),
    "a matrix in tuples": (
        "activations/softmax_jacobian",
        """
        def softmax_jacobian(z):
            return tuple(tuple(row) for row in right(z))
        """,
    ),
    "a list of value and cache": (
        "activations/relu",
        """
        def relu(x):
            return [right(x), x]
        """,
    ),
    "four arguments behind a decorator, in another order": (
        "linear_regression/model_backward",
        """
        def logged(function):
            def inner(*args):
                return function(*args)
            return inner

        @logged
        def model_backward(w, b, X, y):
            return right(X, y, w, b)
        """,
    ),
    "two defaults, the second meant": (
        "linear_regression/update_parameters",
        """
        def update_parameters(w, b, dw, db, config=None, step=0.1):
            return right(w, b, dw, db, **(config or {"learning_rate": step}))
        """,
    ),
    "gradients and cost": (
        "linear_regression/model_backward",
        """
        def model_backward(X, y, w, b):
            dw, db = right(X, y, w, b)
            return {"dw": dw, "db": db}, 0.3
        """,
    ),
    "gradients before the loss": (
        "two_layer_net/loss",
        """
        def loss(X, y, W1, b1, W2, b2, reg=0.0):
            return right(X, y, W1, b1, W2, b2, reg)[::-1]
        """,
    ),
    "loss and a pair for each layer": (
        "two_layer_net/loss",
        """
        def loss(X, y, reg=0.0, **p):
            J, grads = right(X, y, p["W1"], p["b1"], p["W2"], p["b2"], reg)
            return J, (grads["W1"], grads["b1"]), (grads["W2"], grads["b2"])
        """,
    ),
}


@pytest.mark.parametrize(("place", "style"), STYLES.values(), ids=STYLES.keys())
def test_a_right_function_in_another_style_is_right(tmp_path: Path, place: str, style: str) -> None:
    folder, name = place.split("/")
    path = tmp_path / "student.py"
    solution = (EXERCISES / folder / "solution.py").read_text()
    path.write_text(f"{solution}\n\nright = {name}\n{dedent(style)}")
    task = next(task for task in check_file(path, seed=2, locate_budget=0).tasks if task.name == name)
    assert (task.verdict, [f.message for f in task.findings if f.is_fault]) == (Verdict.RIGHT, [])
