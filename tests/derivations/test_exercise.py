"""An author writes a loss and signatures; what makes no sense is refused, the rest compiles into oracles that agree."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from checkers.compiled_exercise import CompiledExercise, ErrorModel, LoadedExercise
from checkers.errors import ModelError, OracleError
from checkers.findings import FAMILY_OF
from checkers.oracles import AGREEMENT, agreement, by_reference, measured
from checkers.tasks import Form
from checkers.wrong_steps import WrongSteps
from derivations.compiler import CompiledSource, compile_exercise
from derivations.exercise import Case, Exercise, Task, choice, column, exercise_from, labels, mapping, transposed
from derivations.functions import relu
from derivations.model import Model, Sum
from derivations.models import linear_regression, mlp, poisson, softmax_regression

BUNDLED = Path(__file__).parents[2] / "exercises"
Function = Callable[..., Any]


def loaded(source: CompiledSource) -> LoadedExercise:
    """A compiled exercise, read as the cache is."""
    functions: dict[str, Any] = {}
    exec(source.oracle, functions)

    def errors(case: int, task: str) -> ErrorModel:
        found: dict[str, Any] = {}
        exec(source.errors[case, task], found)
        model: ErrorModel = found["ERRORS"]
        return model

    return LoadedExercise(functions["EXERCISE"], functions, errors, {})


def defined(folder: Path) -> Exercise:
    namespace: dict[str, Any] = {}
    exec((folder / "exercise.py").read_text(encoding="utf-8"), namespace)
    return exercise_from(namespace, str(folder))


@lru_cache
def bundled(name: str) -> tuple[CompiledSource, LoadedExercise]:
    source = compile_exercise(defined(BUNDLED / name), name, "test")
    return source, loaded(source)


def with_function(exercise: LoadedExercise, name: str, wrap: Callable[[Function], Function]) -> LoadedExercise:
    return replace(exercise, functions={**exercise.functions, name: wrap(exercise.functions[name])})


NAMES = [
    "linear_regression",
    "softmax_regression",
    "activations",
    "two_layer_net",
    "update_rules",
    pytest.param("mlp", marks=pytest.mark.slow),
]


# Signatures -----------------------------------------------------------------------------------------------------------


def test_a_task_reads_as_the_function_is_declared() -> None:
    task = Task(
        "loss", ["X", labels("y", of="Y"), "W1", "reg"], ["J", mapping("grads", {"W1": "dJ/dW1", "b1": "dJ/db1"})]
    )

    assert task.signature == "loss(X, y, W1, reg) -> J, grads"
    assert [(output.name, output.quantity, output.group) for output in task.outputs] == [
        ("J", "J", None), ("W1", "dJ/dW1", "grads"), ("b1", "dJ/db1", "grads"),
    ]  # fmt: skip
    assert task.arrays() == ("X", "Y", "W1", "reg")


def test_arrays_are_laid_out_as_the_student_meets_them() -> None:
    task = Task("backward", [transposed("X"), column("b1", "b"), labels("y", "Y"), mapping("p", ["W1", column("b1")]),
                             choice("activation", "relu")], "dZ = dJ/dz")  # fmt: skip
    X, b1, Y, W1 = np.ones((4, 3)), np.arange(2.0), np.eye(2), np.zeros((2, 3))
    values = {"X": X, "b1": b1, "Y": Y, "W1": W1}
    passed = [argument.value(values) for argument in task.arguments]

    assert passed[0].shape == (3, 4)
    assert passed[1].shape == (2, 1)
    np.testing.assert_array_equal(passed[2], [0, 1])
    assert {name: array.shape for name, array in passed[3].items()} == {"W1": (2, 3), "b1": (2, 1)}
    assert passed[4] == "relu"
    assert [argument.is_optional for argument in task.arguments] == [False] * 4 + [True]
    assert (task.outputs[0].name, task.outputs[0].of, task.outputs[0].form) == ("dZ", "z", Form.PLAIN)


def test_a_scalar_is_passed_as_a_number() -> None:
    (argument,) = Task("f", "b", "z").arguments
    assert type(argument.value({"b": np.array(2.0)})) is float


def test_a_task_that_returns_nothing_is_refused() -> None:
    with pytest.raises(ModelError, match=r"model_forward returns nothing, so there is nothing to check\."):
        Task("model_forward", "X, w, b", "")


def test_an_unknown_array_in_a_task_lists_the_models_arrays() -> None:
    tasks = [Task("model_backward", "X, t, w, b", "dJ/dw, dJ/dq")]
    message = "linear, task model_backward: the model linear-regression has no t, q. It has X, y, w, b, z, L, J."
    with pytest.raises(ModelError, match=re.escape(message)):
        Exercise("linear", linear_regression(), tasks)


def test_an_exercise_without_tasks_is_refused() -> None:
    with pytest.raises(ModelError, match=r"The exercise empty has no tasks\."):
        Exercise("empty", linear_regression(), [])
    with pytest.raises(ModelError, match=r"The exercise empty has no tasks\."):
        Exercise("empty")


def test_a_file_defines_one_exercise() -> None:
    first = Exercise("first", linear_regression(), [Task("f", "X, w, b", "z")])
    second = Exercise("second", linear_regression(), [Task("f", "X, w, b", "z")])

    assert exercise_from({"exercise": first, "alias": first, "other": 3}, "here") is first
    with pytest.raises(ModelError, match=r"here must define one Exercise at its top level; it defines 2\."):
        exercise_from({"a": first, "b": second}, "here")
    with pytest.raises(ModelError, match=r"here must define one Exercise at its top level; it defines 0\."):
        exercise_from({"model": linear_regression()}, "here")


def test_a_loss_may_have_another_name_than_j() -> None:
    m = Model("named-c", "A loss called C")
    n, p = m.sizes(n="samples", p="features")
    i, j = m.indices(i=n, j=p)
    X, w, z, C = m.data("X", n, p), m.parameter("w", p), m.node("z"), m.loss("C")
    z[i] = Sum(w[j] * X[i, j], j)
    C[()] = Sum(z[i] ** 2, i) / n
    exercise = loaded(compile_exercise(Exercise("c", m, [Task("backward", "X, w", "C, dC/dw")]), "C", "test"))

    assert agreement(exercise).keys() == {"dJ/dw"}
    assert [output.name for output in exercise.exercise.tasks[0].outputs] == ["C", "dw"]


# Compiling ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_oracles_of_a_bundled_exercise_agree(name: str) -> None:
    source, exercise = bundled(name)
    errors = agreement(exercise, seed=1)

    derivatives = {
        output.quantity for task in exercise.exercise.tasks for output in task.outputs if output.is_derivative
    }
    assert derivatives <= {key.rpartition(": ")[2] for key in errors}
    assert all(error <= AGREEMENT for error in errors.values())
    assert "sympy" not in source.oracle


@pytest.mark.parametrize("name", NAMES)
def test_a_compiled_exercise_is_its_own_repr(name: str) -> None:
    _, exercise = bundled(name)
    namespace: dict[str, Any] = {}
    exec("from checkers.compiled_exercise import *", namespace)
    again = eval(repr(exercise.exercise), namespace)

    assert isinstance(again, CompiledExercise)
    assert again == exercise.exercise
    for case in again.cases:
        first, second = case.sizes
        assert first.keys() == second.keys()
        assert all(first[size] != second[size] for size in first)


@pytest.mark.parametrize("name", NAMES)
def test_every_variant_changes_just_the_outputs_it_says_and_has_a_code_of_a_family(name: str) -> None:
    _, exercise = bundled(name)
    for number, case in enumerate(exercise.exercise.cases):
        values = exercise.probe(case, case.sizes[0], seed=0)
        for task in case.tasks:
            errors = exercise.load_errors(number, task.name)
            wrong = WrongSteps(errors, task, values, case.sizes[0])
            for variant in errors.variants:
                assert variant.code in FAMILY_OF
                assert variant.outputs
                with np.errstate(all="ignore"):
                    run = wrong.run(variant.changed)
                    for output in task.outputs:
                        array = run.output(output.name)
                        assert array is not None, variant
                        if output.name not in variant.outputs:
                            right = np.asarray(output.form.apply(values[output.quantity]))
                            np.testing.assert_allclose(array, right, rtol=1e-5, atol=1e-5 * np.abs(right).max())


def test_no_variant_and_no_step_is_listed_twice() -> None:
    source, exercise = bundled("softmax_regression")
    for case, task in source.errors:
        errors = exercise.load_errors(case, task)
        assert len(set(errors.variants)) == len(errors.variants)
        assert len(set(errors.wrong)) == len(errors.wrong)
        assert {place for variant in errors.variants for place in variant.changed} == set(range(len(errors.wrong)))


def test_variants_of_a_group_give_the_same_numbers_and_other_groups_do_not() -> None:
    _, exercise = bundled("linear_regression")
    (case,) = exercise.exercise.cases
    (task,) = (task for task in case.tasks if task.name == "model_backward")
    errors = exercise.load_errors(0, task.name)
    wrong = WrongSteps(errors, task, exercise.probe(case, case.sizes[0], seed=5), case.sizes[0])
    results: dict[int, list[list[Any]]] = {}
    for variant in errors.variants:
        run = wrong.run(variant.changed)
        results.setdefault(variant.group, []).append([run.output(output.name) for output in task.outputs])
    for members in results.values():
        assert all(_same(member, members[0]) for member in members)
    first = [members[0] for members in results.values()]
    assert not any(_same(one, other) for place, one in enumerate(first) for other in first[:place])


def _same(one: list[Any], other: list[Any]) -> bool:
    return all(a.shape == b.shape and np.allclose(a, b, rtol=1e-9, atol=1e-12) for a, b in zip(one, other, strict=True))


def test_a_case_says_which_step_of_the_derivation_gives_each_derivative() -> None:
    _, exercise = bundled("softmax_regression")
    steps = dict(exercise.exercise.cases[0].steps)
    assert steps["dJ/dz"].startswith("∂J/∂")
    assert {"dJ/dz", "dJ/dW", "dJ/db"} <= steps.keys()


def test_every_derivative_that_is_asked_for_is_measured_from_the_loss_alone() -> None:
    _, exercise = bundled("two_layer_net")
    (case,) = exercise.exercise.cases
    assert {slope.wrt for slope in case.slopes} == {"W1", "b1", "W2", "b2"}
    assert all(slope.wrt not in slope.arguments for slope in case.slopes)


def test_kinks_and_logits_of_a_case_are_what_the_probe_must_look_at() -> None:
    _, exercise = bundled("two_layer_net")
    (case,) = exercise.exercise.cases
    values = exercise.probe(case, case.sizes[0], seed=0)

    X, W1, b1 = (values[name] for name in ("X", "W1", "b1"))

    assert case.logits == ("z2",)
    assert len(case.kinks) == 1
    np.testing.assert_allclose(values[case.kinks[0]], X @ W1 + b1)
    drawn = (exercise.probe(case, case.sizes[0], seed)[case.kinks[0]] for seed in range(3))
    assert min(float(np.abs(arguments).min()) for arguments in drawn) > 1e-3


# Mutants of the oracle itself -----------------------------------------------------------------------------------------


def one_entry_off(quantity: str, factor: float) -> Callable[[Function], Function]:
    """The function of all quantities with one entry of one of them off by a factor."""

    def wrap(function: Function) -> Function:
        def changed(*arrays: Any) -> dict[str, Any]:
            values = dict(function(*arrays))
            array = np.array(values[quantity])
            array.flat[array.size // 2] *= factor
            return {**values, quantity: array}

        return changed

    return wrap


@pytest.mark.parametrize(
    ("name", "quantity", "other"),
    [
        ("linear_regression", "dJ/dw", "finite differences"),
        ("linear_regression", "dJ/db", "finite differences"),
        ("softmax_regression", "dJ/dz", "finite differences"),
        ("softmax_regression", "dJ/dW", "finite differences"),
        ("softmax_regression", "J", "the reference MLP"),
        ("softmax_regression", "y_hat", "the reference MLP"),
        ("two_layer_net", "dJ/dW1", "finite differences"),
        ("two_layer_net", "dJ/db2", "finite differences"),
        ("update_rules", "W1_new", "the reference MLP"),
    ],
)
def test_an_oracle_that_is_off_by_a_thousandth_in_one_entry_is_refused(name: str, quantity: str, other: str) -> None:
    _, exercise = bundled(name)
    function = exercise.exercise.cases[-1].function
    mutant = with_function(exercise, function, one_entry_off(quantity, 1.001))
    message = rf"derivation and {other} disagree on {re.escape(quantity)} by \d\.\de-\d\d"

    with pytest.raises(OracleError, match=message) as refusal:
        agreement(mutant)
    assert exercise.exercise.id in str(refusal.value)


def test_an_oracle_that_is_off_by_rounding_alone_is_accepted() -> None:
    _, exercise = bundled("softmax_regression")
    agreement(with_function(exercise, "case_0", one_entry_off("dJ/dW", 1 + 1e-13)))


def test_a_gradient_of_another_shape_is_refused() -> None:
    _, exercise = bundled("softmax_regression")

    def transposed_gradient(function: Function) -> Function:
        return lambda *arrays: {**(values := function(*arrays)), "dJ/dW": values["dJ/dW"].T}

    with pytest.raises(OracleError, match=r"disagree on dJ/dW by inf"):
        agreement(with_function(exercise, "case_0", transposed_gradient))


def test_a_gradient_that_is_not_a_number_is_refused() -> None:
    _, exercise = bundled("softmax_regression")
    with pytest.raises(OracleError, match=r"disagree on dJ/dW by nan"):
        agreement(with_function(exercise, "case_0", one_entry_off("dJ/dW", np.nan)))


def test_a_loss_that_is_wrong_on_one_path_is_refused_too() -> None:
    """Finite differences measure the compiled loss: if that is off, they disagree with the derivation."""
    _, exercise = bundled("linear_regression")
    slope = next(slope for slope in exercise.exercise.cases[0].slopes if slope.quantity == "dJ/dw")

    def scaled(function: Function) -> Function:
        return lambda *arrays: 1.001 * function(*arrays)

    with pytest.raises(OracleError, match=r"derivation and finite differences disagree on dJ/dw"):
        agreement(with_function(exercise, slope.function, scaled))


def test_the_second_set_of_sizes_is_compared_as_well() -> None:
    _, exercise = bundled("softmax_regression")
    case = exercise.exercise.cases[0]

    def wrong_where_there_are_many_samples(function: Function) -> Function:
        def changed(*arrays: Any) -> dict[str, Any]:
            values = dict(function(*arrays))
            if len(arrays[0]) == case.sizes[1]["n"]:
                values["dJ/db"] = 1.001 * values["dJ/db"]
            return values

        return changed

    with pytest.raises(OracleError, match=r"disagree on dJ/db"):
        agreement(with_function(exercise, case.function, wrong_where_there_are_many_samples))


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (softmax_regression, {"J", "y_hat", "z", "dJ/dz", "dJ/dW", "dJ/db"}),
        (lambda: softmax_regression(route="y-hat", l2="full"), {"J", "y_hat", "dJ/dW", "dJ/db"}),
        (lambda: mlp(activation="improved-sigmoid", l2="half"), {"J", "a1", "dJ/dW1", "dJ/db1", "dJ/dz1", "dJ/da1"}),
        pytest.param(
            lambda: mlp(layers=(4, 5, 6, 3), activation="tanh"),
            {"J", "a2", "dJ/dW2", "dJ/dW3"},
            marks=pytest.mark.slow,
        ),
        (linear_regression, {"J", "z", "dJ/dz", "dJ/dw", "dJ/db"}),
        (poisson, set()),
    ],
    ids=["softmax", "softmax through y_hat, L2", "network, L2", "deep network", "linear", "not a network"],
)
def test_the_reference_network_computes_what_it_can_express(model: Callable[[], Model], expected: set[str]) -> None:
    built = model()
    arrays = ", ".join(name for name, array in built.arrays.items() if array.role in {"data", "parameter", "constant"})
    nodes = [name for name, array in built.arrays.items() if array.role in {"node", "loss"}]
    derivatives = [f"dJ/d{name}" for name in (*built.parameters, *nodes) if name not in {"L", "J"}]
    fused = [name for name in derivatives if name != "dJ/dy_hat" or "y_hat" in built.ancestors("J")]
    exercise = loaded(compile_exercise(Exercise("all", built, [Task("all", arrays, [*nodes, *fused])]), "all", "test"))
    (case,) = exercise.exercise.cases
    values = exercise.probe(case, case.sizes[0], seed=5)

    reference = by_reference(case, values)
    assert expected <= reference.keys()
    assert bool(reference) == bool(expected)
    for name, array in {**reference, **measured(exercise, case, values)}.items():
        np.testing.assert_allclose(array, values[name], rtol=1e-8, atol=1e-11, err_msg=name)


# An exercise of one's own ---------------------------------------------------------------------------------------------


HUBER = '''"""Huber regression."""

from derivations import Exercise, Model, Sum, Task, huber

m = Model("huber-regression", "Linear regression with Huber's loss")
n, p = m.sizes(n="samples", p="features")
i, j = m.indices(i=n, j=p)
X, y = m.data("X", n, p), m.data("y", n)
w, b = m.parameter("w", p), m.parameter("b")
z, J = m.node("z"), m.loss("J")

z[i] = Sum(w[j] * X[i, j], j) + b
J[()] = Sum(huber(y[i] - z[i]), i) / n

exercise = Exercise("huber-regression", m, [
    Task("model_forward", "X, w, b", "z"),
    Task("compute_cost", "z, y", "J"),
    Task("cost_gradient", "z, y", "dJ/dz"),
    Task("model_backward", "X, y, w, b", "dJ/dw, dJ/db", points=2),
])
'''


def test_an_exercise_of_ones_own_is_a_loss_signatures_and_points(tmp_path: Path) -> None:
    assert len(HUBER.splitlines()) <= 25
    (tmp_path / "exercise.py").write_text(HUBER, encoding="utf-8")
    exercise = loaded(compile_exercise(defined(tmp_path), "Huber regression", "test"))

    assert agreement(exercise).keys() >= {"dJ/dz", "dJ/dw", "dJ/db"}
    assert [(task.signature, task.points) for task in exercise.exercise.tasks] == [
        ("model_forward(X, w, b) -> z", 1),
        ("compute_cost(z, y) -> J", 1),
        ("cost_gradient(z, y) -> dz", 1),
        ("model_backward(X, y, w, b) -> dw, db", 2),
    ]
    (case,) = exercise.exercise.cases
    values = exercise.probe(case, case.sizes[0], seed=3)
    residual = values["y"] - values["X"] @ values["w"] - values["b"]
    size = np.abs(residual)
    np.testing.assert_allclose(values["J"], np.where(size < 1, residual**2 / 2, size - 0.5).mean(), rtol=1e-12)
    np.testing.assert_allclose(values["dJ/dz"], -np.clip(residual, -1, 1) / len(residual), rtol=1e-12)
    assert all(np.abs(values[name]).min() > 1e-3 for name in case.kinks)
    codes = {variant.code for variant in exercise.load_errors(0, "model_backward").variants}
    assert {"mean-missing", "sign-flipped", "sum-missing", "hadamard"} <= codes


def test_several_cases_share_their_functions() -> None:
    def case(layers: tuple[int, ...], names: list[str]) -> Case:
        task = Task("forward", ["X", mapping("p", names)], "y_hat")
        return Case(mlp(layers=layers), (task,), label=f"{len(layers) - 1} layers")

    cases = (case((4, 3), ["W", "b"]), case((4, 5, 3), ["W1", "b1", "W2", "b2"]))
    exercise = loaded(compile_exercise(Exercise("net", cases=cases), "A net", "test"))

    assert [case.label for case in exercise.exercise.cases] == ["1 layers", "2 layers"]
    assert [task.name for task in exercise.exercise.tasks] == ["forward"]
    assert set(exercise.functions) >= {"case_0", "case_1"}


def test_an_exercise_without_gradients_compiles_without_a_derivation() -> None:
    m = Model("relu", "The positive part")
    n, p = m.sizes(n="rows", p="columns")
    i, j = m.indices(i=n, j=p)
    Z, A = m.data("Z", n, p), m.node("A")
    A[i, j] = relu(Z[i, j])
    exercise = loaded(compile_exercise(Exercise("relu", m, [Task("relu", "Z", "A")]), "relu", "test"))

    assert exercise.exercise.cases[0].steps == ()
    assert agreement(exercise) == {}


def test_a_model_with_one_size_is_checked_at_two_of_them() -> None:
    _, exercise = bundled("activations")
    first, second = exercise.exercise.cases[-1].sizes
    assert first.keys() == second.keys() == {"M"}
    assert first["M"] != second["M"]
