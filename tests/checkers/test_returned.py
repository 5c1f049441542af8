"""What a function returned, sorted into the declared outputs."""

from __future__ import annotations

from collections import namedtuple
from typing import Any, NamedTuple

import numpy as np
import pytest

from checkers.returned import how_to_return, sort_out
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


# Other shapes of the same -------------------------------------------------------------------------------------------

SQUARE = np.arange(25.0).reshape(5, 5)
WEIGHTS_2, BIASES_2 = np.ones((4, 3)), np.zeros((4, 1))
LAYERS = Task(
    "back",
    (),
    tuple(Output(name, f"dJ/d{name}", group="grads") for name in ("W1", "b1", "W2", "b2")),
)
FOUR = {"W1": WEIGHTS, "b1": BIASES, "W2": WEIGHTS_2, "b2": BIASES_2}


Gradients = namedtuple("Gradients", ["db", "dW"])


class Nameless(NamedTuple):
    first: Any
    second: Any


@pytest.mark.parametrize(
    "value",
    [tuple(map(tuple, SQUARE)), tuple(SQUARE.tolist()), SQUARE.tolist(), list(SQUARE), (SQUARE, SQUARE), [SQUARE, 1]],
    ids=["tuples", "tuple of lists", "lists", "list of rows", "two matrices", "matrix and more"],
)
def test_a_matrix_may_come_in_rows(value: Any) -> None:
    assert np.array_equal(sort_out(ONE, value)["z"].array, SQUARE)


def test_one_array_may_stand_in_a_dict() -> None:
    assert np.array_equal(sort_out(ONE, {"z": BIASES, "cache": 1})["z"].array, BIASES)


@pytest.mark.parametrize(
    "value",
    [
        [(WEIGHTS, BIASES), (WEIGHTS_2, BIASES_2)],
        ([WEIGHTS, WEIGHTS_2], [BIASES, BIASES_2]),
        [None, (WEIGHTS, BIASES), (WEIGHTS_2, BIASES_2)],
        {"layer1": {"W": WEIGHTS, "b": BIASES}, "layer2": {"W": WEIGHTS_2, "b": BIASES_2}},
        {0: {"dW": WEIGHTS, "db": BIASES}, 1: {"dW": WEIGHTS_2, "db": BIASES_2}},
        [{"db": BIASES, "dW": WEIGHTS}, {"db": BIASES_2, "dW": WEIGHTS_2}],
        {"dW": [WEIGHTS, WEIGHTS_2], "db": [BIASES, BIASES_2]},
        {"weights": {1: WEIGHTS, 2: WEIGHTS_2}, "biases": {1: BIASES, 2: BIASES_2}},
        ((WEIGHTS, BIASES, WEIGHTS_2, BIASES_2), "cache"),
        [Gradients(BIASES, WEIGHTS), Gradients(BIASES_2, WEIGHTS_2)],
        {"W1": 0, "dW1": WEIGHTS, "b1": 0, "db1": BIASES, "W2": 0, "dW2": WEIGHTS_2, "b2": 0, "db2": BIASES_2},
    ],
    ids=[
        "pairs", "by letter", "from 1", "layers", "from 0", "list of dicts", "dict of lists", "dict of dicts",
        "tuple and cache", "named pairs", "beside the parameters",
    ],
)  # fmt: skip
def test_gradients_may_be_nested(value: Any) -> None:
    found = sort_out(LAYERS, value)
    assert {name: one.problem for name, one in found.items()} == dict.fromkeys(FOUR)
    assert all(np.array_equal(found[name].array, array) for name, array in FOUR.items())


@pytest.mark.parametrize("value", [{"W0": WEIGHTS, "b0": BIASES, "W1": WEIGHTS_2, "b1": BIASES_2}, [FOUR["W1"]]])
def test_what_is_missing_is_not_read_from_elsewhere(value: Any) -> None:
    assert sort_out(LAYERS, value)["W2"].array is None


@pytest.mark.parametrize(
    "value",
    [
        Gradients(BIASES, WEIGHTS),
        Nameless(WEIGHTS, BIASES),
        ({"dW": WEIGHTS, "db": BIASES}, 1.5),
        (1.5, {"dW": WEIGHTS, "db": BIASES}),
        ((WEIGHTS, BIASES), "cache"),
        (1.5, (WEIGHTS, BIASES)),
        {"weights": WEIGHTS, "bias": BIASES},
        {"loss": 1.5, "grads": {"W": WEIGHTS, "b": BIASES}},
    ],
    ids=[
        "fields in another order", "fields that tell nothing", "dict first", "dict last", "pair and cache",
        "number and pair", "words", "dict in a dict",
    ],
)  # fmt: skip
def test_a_pair_may_be_part_of_more(value: Any) -> None:
    found = sort_out(PAIR, value)
    assert np.array_equal(found["dW"].array, WEIGHTS)
    assert np.array_equal(found["db"].array, BIASES)


@pytest.mark.parametrize(
    "value",
    [
        ({"W1": WEIGHTS, "b1": BIASES}, 1.5),
        (1.5, (WEIGHTS, BIASES), "cache"),
        (1.5, {"n": 3}, {"W1": WEIGHTS, "b1": BIASES}),
        {"loss": 1.5, "gradients": {"W1": WEIGHTS, "b1": BIASES}},
        (1.5, [(WEIGHTS, BIASES)]),
    ],
    ids=["dict first", "tuple and cache", "cache between", "another name", "by layer"],
)
def test_a_dict_may_stand_elsewhere(value: Any) -> None:
    found = sort_out(DICT, value)
    assert float(found["J"].array) == 1.5
    assert np.array_equal(found["W1"].array, WEIGHTS)
    assert np.array_equal(found["b1"].array, BIASES)


@pytest.mark.parametrize(
    ("task", "hint"),
    [
        (DICT, "Return J and a dict grads with the keys W1 and b1, in this order."),
        (LAYERS, "Return a dict grads with the keys W1, b1, W2 and b2."),
        (PAIR, "Return dW and db, in this order."),
        (ONE, "Return z."),
    ],
    ids=["number and dict", "dict", "pair", "one"],
)
def test_how_to_return_is_said_as_declared(task: Task, hint: str) -> None:
    assert how_to_return(task) == hint


def test_an_array_far_too_large_keeps_its_shape_only():
    task = Task("f", (), (Output("J", "J"),))
    found = sort_out(task, np.ones(2_000_000, dtype=bool))["J"]
    assert found.array is not None
    assert found.array.shape == (2_000_000,)
    assert found.array.strides == (0,)
