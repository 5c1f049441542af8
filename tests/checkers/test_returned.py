"""What a function returned, sorted into the declared outputs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from checkers.returned import sort_out
from checkers.student.wire import Opaque
from checkers.tasks import Output, Task

WEIGHTS, BIASES = np.ones((3, 2)), np.zeros(3)
PAIR = Task("model_backward", (), (Output("dW", "dJ/dW"), Output("db", "dJ/db")))
DICT = Task(
    "loss", (), (Output("J", "J"), Output("W1", "dJ/dW1", group="grads"), Output("b1", "dJ/db1", group="grads"))
)
ONE_DICT = Task("back", (), (Output("W1", "dJ/dW1", group="g"), Output("b1", "dJ/db1", group="g")))
ONE = Task("model_forward", (), (Output("z", "z"),))


@pytest.mark.parametrize(
    "value",
    [
        (WEIGHTS, BIASES),
        [WEIGHTS, BIASES],
        {"dW": WEIGHTS, "db": BIASES},
        {"W": WEIGHTS, "b": BIASES},
        {"grad_W": WEIGHTS, "grad_b": BIASES},
        (WEIGHTS, BIASES, "more"),
    ],
    ids=["tuple", "list", "dict", "dict of bare names", "dict of grads", "more than declared"],
)
def test_a_pair_may_come_in_many_ways(value: Any) -> None:
    found = sort_out(PAIR, value)
    assert np.array_equal(found["dW"].array, WEIGHTS)
    assert np.array_equal(found["db"].array, BIASES)


@pytest.mark.parametrize(
    "value",
    [
        (1.5, {"W1": WEIGHTS, "b1": BIASES}),
        (1.5, {"dW1": WEIGHTS, "db1": BIASES}),
        (1.5, (WEIGHTS, BIASES)),
        (1.5, WEIGHTS, BIASES),
        {"loss": 1.5, "W1": WEIGHTS, "b1": BIASES},
        {"J": 1.5, "grads": {"W1": WEIGHTS, "b1": BIASES}},
        (1.5, {"dL_dW1": WEIGHTS, "nabla_b1": BIASES}),
        (1.5, WEIGHTS, BIASES, "cache"),
    ],
    ids=["declared", "dW1 for W1", "tuple for dict", "flat", "one dict", "dict in a dict", "dL_dW1", "flat and more"],
)
def test_a_loss_and_a_dict_may_come_in_many_ways(value: Any) -> None:
    found = sort_out(DICT, value)
    assert float(found["J"].array) == 1.5
    assert np.array_equal(found["W1"].array, WEIGHTS)
    assert np.array_equal(found["b1"].array, BIASES)


@pytest.mark.parametrize(
    "value", [{"W1": WEIGHTS, "b1": BIASES}, (WEIGHTS, BIASES), ({"W1": WEIGHTS, "b1": BIASES}, "cache")], ids=str
)
def test_one_dict_alone(value: Any) -> None:
    found = sort_out(ONE_DICT, value)
    assert np.array_equal(found["W1"].array, WEIGHTS)
    assert np.array_equal(found["b1"].array, BIASES)


@pytest.mark.parametrize(
    "value",
    [BIASES, [0.0, 0.0, 0.0], (BIASES, "cache"), (BIASES,), [BIASES, (1, 2)]],
    ids=["array", "list", "tuple", "single", "list of more"],
)
def test_one_array_alone(value: Any) -> None:
    assert np.array_equal(sort_out(ONE, value)["z"].array, BIASES)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (None, "is None"),
        ("text", "is no number"),
        (Opaque("generator"), "but generator"),
        ([[1.0], [1.0, 2.0]], "different lengths"),
        ({}, "is a dict"),
    ],
    ids=["None", "text", "generator", "ragged", "dict"],
)
def test_what_is_no_array_is_said(value: Any, problem: str) -> None:
    found = sort_out(ONE, value)["z"]
    assert found.array is None
    assert problem in str(found.problem)


@pytest.mark.parametrize("value", [(1.5, {"n": 3}), (1.5, 0.3), (1.5, "cache"), [1.5][0]], ids=str)
def test_a_number_may_begin_a_tuple(value: Any) -> None:
    assert float(sort_out(ONE, value)["z"].array) == 1.5


def test_a_list_of_gradients_for_a_dict() -> None:
    assert np.array_equal(sort_out(ONE_DICT, [WEIGHTS, BIASES])["b1"].array, BIASES)


def test_a_missing_part_is_said() -> None:
    assert sort_out(PAIR, (WEIGHTS,))["db"].problem == "is not among what the function returned"
    assert sort_out(DICT, (1.0, {"W1": WEIGHTS}))["b1"].problem == "is not among what the function returned"


def test_integers_and_single_precision_are_noted() -> None:
    assert sort_out(ONE, np.arange(3))["z"].is_integer
    assert sort_out(ONE, np.ones(3, np.float32))["z"].is_single
