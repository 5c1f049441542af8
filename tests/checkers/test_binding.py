"""Which argument of a student's function is which."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checkers.binding import bindings
from checkers.student_answers import FunctionInfo, Parameter, ParameterKind
from checkers.tasks import Argument, Output, Task


def task(*names: str, optional: str = "") -> Task:
    arguments = tuple(Argument(name, array=name) for name in names)
    extra = (Argument(optional, literal="relu"),) if optional else ()
    return Task("f", arguments + extra, (Output("J", "J"),))


def function(*names: str) -> FunctionInfo:
    """A function with these parameters; "name=" has a default, "*name" is keyword-only."""
    parameters = tuple(
        Parameter(
            name.strip("*="),
            ParameterKind.KEYWORD_ONLY if name.startswith("*") else ParameterKind.POSITIONAL,
            has_default=name.endswith("="),
        )
        for name in names
    )
    return FunctionInfo("f", parameters)


def first(declared: Task, student: FunctionInfo) -> list[str]:
    return [argument.name for argument in bindings(declared, student)[0].positional]


@pytest.mark.parametrize(
    ("student", "order"),
    [
        (("z", "y"), ["z", "y"]),
        (("y", "z"), ["y", "z"]),
        (("y_true", "y_pred"), ["y", "z"]),
        (("y", "y_hat"), ["y", "z"]),
        (("predictions", "targets"), ["z", "y"]),
        (("output", "t"), ["z", "y"]),
        (("foo", "bar"), ["z", "y"]),
        (("z", "other"), ["z", "y"]),
        (("other", "z"), ["y", "z"]),
    ],
    ids=" ".join,
)
def test_names_decide_where_they_tell(student: tuple[str, ...], order: list[str]) -> None:
    assert first(task("z", "y"), function(*student)) == order


def test_names_that_tell_leave_no_other_order_open() -> None:
    """Else the residual taken the wrong way round would pass as another order of arguments."""
    assert len(bindings(task("z", "y"), function("y_true", "y_pred"))) == 1


@pytest.mark.parametrize("student", [("y", "t"), ("y", "target")], ids=" ".join)
def test_beside_a_better_name_for_the_target_y_is_open(student: tuple[str, ...]) -> None:
    orders = [[a.name for a in b.positional] for b in bindings(task("z", "y"), function(*student))]
    assert ["z", "y"] in orders


def test_keywords_alone_take_the_declared_names() -> None:
    binding = bindings(task("z", "y"), replace(function(), has_varkw=True))[0]
    assert [name for name, _ in binding.keywords] == ["z", "y"]


def test_a_default_is_filled_where_each_argument_has_a_parameter() -> None:
    student = function("inputs", "theta", "foo=")
    names = [a.name for a in bindings(task("X", "parameters", optional="activation"), student)[0].positional]
    assert names == ["X", "parameters", "activation"]


def test_what_has_no_name_goes_to_the_star() -> None:
    student = replace(function("X", "y"), has_varargs=True)
    assert first(task("X", "y", "w", "b"), student) == ["X", "y", "w", "b"]


def test_names_that_tell_nothing_leave_both_orders_open() -> None:
    orders = [[a.name for a in b.positional] for b in bindings(task("z", "y"), function("foo", "bar"))]
    assert orders == [["z", "y"], ["y", "z"]]


def test_the_handouts_order_is_known_as_such() -> None:
    assert bindings(task("z", "y"), function("z", "y"))[0].is_declared
    swapped = bindings(task("z", "y"), function("y", "z"))[0]
    assert not swapped.is_declared
    assert swapped.text == "f(y, z)"


@pytest.mark.parametrize("student", [("z",), ("z", "y", "n"), ()], ids=["too few", "too many", "none"])
def test_another_number_of_required_arguments_does_not_fit(student: tuple[str, ...]) -> None:
    assert bindings(task("z", "y"), function(*student)) == ()


@pytest.mark.parametrize("student", [("z", "y"), ("z", "y", "activation"), ("z", "y", "activation=")], ids=str)
def test_an_optional_argument_may_be_left_out(student: tuple[str, ...]) -> None:
    assert bindings(task("z", "y", optional="activation"), function(*student))


def test_a_further_argument_with_a_default_is_left_alone() -> None:
    assert first(task("z", "y"), function("z", "y", "eps=")) == ["z", "y"]


def test_an_argument_with_a_default_is_passed_when_the_task_declares_it() -> None:
    binding = bindings(task("w", "dw", "learning_rate"), function("w", "dw", "lr="))[0]
    assert [a.name for a in binding.positional] == ["w", "dw", "learning_rate"]


def test_keyword_only_arguments_are_passed_by_name() -> None:
    binding = bindings(task("w", "dw", "learning_rate"), function("w", "dw", "*lr"))[0]
    assert [(name, argument.name) for name, argument in binding.keywords] == [("lr", "learning_rate")]


def test_weights_of_layers_are_told_apart_by_their_numbers() -> None:
    assert first(task("X", "W1", "b1", "W2", "b2"), function("w2", "b_2", "w1", "b_1", "x")) == [
        "W2", "b2", "W1", "b1", "X",
    ]  # fmt: skip


def test_case_tells_x_from_x() -> None:
    assert first(task("X", "y", "w"), function("w", "X", "y")) == ["w", "X", "y"]


def calls(declared: Task, student: FunctionInfo) -> list[str]:
    return [binding.text for binding in bindings(declared, student)]


def test_an_optional_argument_goes_to_the_keywords_once_the_positions_are_taken() -> None:
    student = replace(function("X", "parameters"), has_varkw=True)
    assert calls(task("X", "parameters", optional="activation"), student) == ["f(X, parameters, activation=activation)"]


def test_an_unknown_default_before_the_keywords_leaves_both_ways_open() -> None:
    student = replace(function("X", "parameters", "foo="), has_varkw=True)
    assert calls(task("X", "parameters", optional="activation"), student) == [
        "f(X, parameters, activation)",
        "f(X, parameters, activation=activation)",
    ]


def test_a_keyword_only_argument_of_another_name_takes_what_is_left() -> None:
    assert calls(task("w", "dw", "learning_rate"), function("w", "dw", "*foo")) == ["f(w, dw, foo=learning_rate)"]


def test_any_default_may_be_the_one_that_is_meant() -> None:
    found = calls(task("w", "dw", "learning_rate"), function("w", "dw", "config=", "foo="))
    assert found == ["f(w, dw, learning_rate)", "f(w, dw, foo=learning_rate)"]


@pytest.mark.parametrize("student", [FunctionInfo("f", None), replace(function(), has_varargs=True)], ids=["?", "*"])
def test_four_arguments_without_names_may_come_in_any_order(student: FunctionInfo) -> None:
    found = calls(task("X", "y", "w", "b"), student)
    assert found[0] == "f(X, y, w, b)"
    assert "f(w, b, X, y)" in found


def test_names_before_the_star_tell_and_the_rest_is_open() -> None:
    found = calls(task("X", "y", "w"), replace(function("y"), has_varargs=True))
    assert found == ["f(y, X, w)", "f(y, w, X)"]
