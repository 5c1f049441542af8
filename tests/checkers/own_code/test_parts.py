"""The parts of checking own code that need no student's process."""

import numpy as np
import pytest

from checkers.own_code.claims import assignments, bare
from checkers.own_code.facts import read_facts
from checkers.own_code.inputs import SIZES, Input, Kind
from checkers.own_code.measure import measured
from checkers.own_code.roles import Role, layouts, role_of


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("dW1", "w1"),
        ("grads['W1']", "w1"),
        ("grad_w", "w"),
        ("self.dW", "w"),
        ("weights_grad", "weights"),
        ("dA_prev", "aprev"),
    ],
)
def test_a_gradients_name_without_its_marks(label: str, name: str) -> None:
    assert bare(label) == name


def test_gradients_are_told_apart_by_name_before_shape_and_order() -> None:
    returned = (np.zeros((7, 3)), np.zeros((5, 7)), np.zeros(3))
    wrt = {"x": (5, 7), "w": (7, 3), "b": (3,)}
    (by_shape,) = assignments(returned, (), wrt)
    assert {of: claim.path for of, claim in by_shape.items()} == {"x": (1,), "w": (0,), "b": (2,)}
    by_name = assignments(returned, [("dx", "dw", "db")], wrt)[0]  # a wrong shape does not hide whose gradient it is
    assert by_name["x"].path == (0,)


def test_gradients_of_one_shape_come_in_the_order_of_the_arguments_first() -> None:
    returned = (np.zeros(7), np.zeros(7))
    readings = assignments(returned, (), {"gamma": (7,), "beta": (7,)})
    assert [one["gamma"].path for one in readings] == [(0,), (1,)]


def test_facts_of_a_function() -> None:
    facts = read_facts(
        "def f(x, conv_param, act='relu'):\n    N, C, H, W = x.shape\n    s = conv_param['stride']\n"
        "    if act == 'relu':\n        return x[s], s\n    return x, None\n"
    )
    assert facts is not None
    function = facts.functions["f"]
    assert function.required == ("x", "conv_param")
    assert function.ranks == {"x": 4}
    assert function.keys_of("conv_param") == ("stride",)
    assert function.options_of("act") == ("relu",)
    assert function.indices == {"s"}
    assert function.returns[0] == ("x[s]", "s")


def test_methods_are_inherited_within_the_file() -> None:
    facts = read_facts("class A:\n    def f(self): pass\nclass B(A):\n    def g(self): pass\n")
    assert facts is not None
    assert set(facts.classes["B"].methods) == {"f", "g"}


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("A_prev", Role.DATA),
        ("y_true", Role.LABELS),
        ("AL", Role.PREDICTION),
        ("W2", Role.WEIGHTS),
        ("lambd", Role.REGULARISATION),
        ("bn_param", Role.SETTINGS),
    ],
)
def test_roles_by_name(name: str, role: Role) -> None:
    assert role_of(name) is role


def test_the_usual_layout_of_an_affine_layer_comes_first() -> None:
    first = next(layouts(["x", "w", "b"]))
    assert first.label == "x (N, D), w (D, M), b (M,)"
    assert next(layouts(["x", "w", "b"], {"x": 4})).arrays["w"].shape == (3, "K", 3, 3)


def test_labels_repeat_even_where_there_are_more_classes_than_samples() -> None:
    labels = Input("y", ("n",), Kind.LABELS).draw({"n": 5, "C": 11}, np.random.default_rng(0))
    assert len(set(labels.tolist())) < 5


def test_sizes_are_distinct_so_that_shapes_tell() -> None:
    for sizes in SIZES:
        letters = [sizes[name] for name in ("n", "D", "H", "C")]
        assert len(set(letters)) == len(letters)


def test_a_measured_gradient_has_an_error_bar_that_holds() -> None:
    x = np.random.default_rng(1).standard_normal((3, 4))
    found = measured(lambda many: np.sin(many).sum(axis=(1, 2)), x, 100, np.random.default_rng(0))
    assert found.is_whole
    assert np.all(np.abs(found.value - np.cos(x)) <= found.error)
    assert found.error.max() < 1e-8


def test_of_a_large_array_some_entries_and_all_together_are_measured() -> None:
    x = np.random.default_rng(1).standard_normal(1000)
    found = measured(lambda many: (many**2).sum(axis=1), x, 10, np.random.default_rng(0))
    assert np.isfinite(found.error).sum() == 10
    for direction, slope, error in found.directions:
        assert abs(slope - (2 * x * direction).sum()) <= 10 * error + 1e-7
