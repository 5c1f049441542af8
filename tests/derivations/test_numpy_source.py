"""Generated NumPy is readable, stable and exactly what the derivation says."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
import sympy
from sympy.core.parameters import distribute

from checkers.probes import Domain
from derivations import derive
from derivations.derivation import Derivation
from derivations.evaluation import Environment, array_specs, probe
from derivations.expressions import At, Delta, Entry, Index, SumOver
from derivations.functions import (
    Elementary,
    absolute,
    clip,
    exp,
    huber,
    improved_sigmoid,
    log,
    logcosh,
    relu,
    sigmoid,
    softplus,
    step,
    tanh,
)
from derivations.model import Model, Sum
from derivations.models import MODELS
from derivations.numpy_source import function_source, gradient_source
from derivations.program import Assignment, Program, program, quantities

CASES: dict[str, tuple[str, dict[str, Any]]] = {
    **{name: (name, {}) for name in MODELS},
    "linear-regression, 1/2n": ("linear-regression", {"half": True}),
    "ridge, lambda/2": ("ridge", {"l2": "half"}),
    "logistic-regression through y_hat": ("logistic-regression", {"route": "y-hat"}),
    "softmax-regression through y_hat": ("softmax-regression", {"route": "y-hat", "l2": "full"}),
    "mlp, one layer": ("mlp", {"layers": (4, 3)}),
    "mlp, three layers, sigmoid": ("mlp", {"layers": (4, 5, 6, 3), "activation": "sigmoid", "l2": "half"}),
    "mlp, tanh": ("mlp", {"activation": "tanh", "l2": "full"}),
    "mlp, improved sigmoid, through y_hat": ("mlp", {"activation": "improved-sigmoid", "route": "y-hat"}),
}
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 12))]


@lru_cache
def derived(case: str) -> Derivation:
    name, options = CASES[case]
    return derive(MODELS[name].build(**options))


@lru_cache
def compiled(case: str) -> tuple[str, Callable[..., tuple[Any, ...]]]:
    source = gradient_source(derived(case))
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    return source, namespace["loss_and_gradients"]


def arguments(function: Callable[..., Any], environment: Environment, dtype: Any = np.float64) -> list[Any]:
    names = [name.rstrip("_") for name in inspect.signature(function).parameters]
    return [environment.array(name).astype(dtype)[()] for name in names]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("case", CASES)
def test_loss_and_gradients_equal_definition_and_measured_derivative(case: str, seed: int) -> None:
    _, function = compiled(case)
    model = derived(case).model
    environment = probe(model, seed)
    loss, *gradients = function(*arguments(function, environment))

    np.testing.assert_allclose(loss, environment.array("J"), rtol=1e-12)
    for name, gradient in zip(model.parameters, gradients, strict=True):
        assert np.shape(gradient) == environment.array(name).shape
        np.testing.assert_allclose(gradient, environment.adjoint(name), rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("case", CASES)
def test_every_step_compiles_to_what_it_says(case: str) -> None:
    """Jacobians and adjoints of nodes too, from the model's inputs alone."""
    derivation = derived(case)
    environment, known = probe(derivation.model, seed=1), quantities(derivation)
    inputs = tuple(spec.name for spec in array_specs(derivation.model))
    for found in derivation.steps:
        if "(direct)" in found.name:
            continue  # a part of a derivative, which no function returns
        key = f"dJ/d{found.quantity.name}" if found.is_adjoint else found.name
        source = function_source(program(derivation.model, known, [key]), "compute", inputs)
        namespace: dict[str, Any] = {"np": np}
        exec(source, namespace)
        computed = namespace["compute"](*(environment.array(name) for name in inputs))
        measured = environment.evaluate(found.quantity)
        indices = known[key].indices
        order = [indices.index(index) for index in measured.axes]
        lacking = [axis for axis in range(len(indices)) if axis not in order]
        first = np.transpose(computed, [*lacking, *order])
        np.testing.assert_allclose(first, np.broadcast_to(measured.array, first.shape), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("case", CASES)
def test_single_precision_stays_single_precision(case: str) -> None:
    _, function = compiled(case)
    environment = probe(derived(case).model, seed=2)
    single = function(*arguments(function, environment, np.float32))
    double = function(*arguments(function, environment))

    for narrow, wide in zip(single, double, strict=True):
        assert np.asarray(narrow).dtype == np.float32
        np.testing.assert_allclose(narrow, wide, rtol=2e-4, atol=2e-5)


FUSED = [case for case in CASES if "through" not in case and case != "poisson"]


@pytest.mark.parametrize("case", FUSED)
def test_inputs_a_thousand_times_too_large_stay_finite(case: str) -> None:
    """Warnings are errors here, so an overflow on the way would be seen too."""
    _, function = compiled(case)
    environment = probe(derived(case).model, seed=3)
    arrays = arguments(function, environment)
    place = next(p for p, name in enumerate(inspect.signature(function).parameters) if name in {"X", "x"})
    arrays[place] = 1000 * arrays[place]

    assert all(np.isfinite(output).all() for output in function(*arrays))


def test_softmax_of_far_logits_is_exact() -> None:
    _, function = compiled("softmax-regression")
    X, Y = np.array([[1000.0], [-1000.0]]), np.eye(2)
    J, dW, db = function(X, Y, np.array([[1.0], [-1.0]]), np.zeros(2))

    assert J == 0
    np.testing.assert_array_equal(dW, 0)
    np.testing.assert_array_equal(db, 0)
    J, _, db = function(X, 1 - Y, np.array([[1.0], [-1.0]]), np.zeros(2))
    assert J == 2000
    np.testing.assert_allclose(db, 0, atol=1e-12)


def test_a_single_sample_and_a_single_feature_keep_their_axes() -> None:
    _, function = compiled("softmax-regression")
    J, dW, db = function(np.ones((1, 1)), np.array([[0.0, 1.0]]), np.zeros((2, 1)), np.zeros(2))
    assert (np.shape(J), dW.shape, db.shape) == ((), (2, 1), (2,))
    np.testing.assert_allclose(dW[:, 0], [0.5, -0.5])


def test_inputs_are_left_as_they_were() -> None:
    for case in CASES:
        _, function = compiled(case)
        arrays = arguments(function, probe(derived(case).model, seed=4))
        before = [np.array(array) for array in arrays]
        function(*arrays)
        for array, kept in zip(arrays, before, strict=True):
            np.testing.assert_array_equal(array, kept)


# How it reads ---------------------------------------------------------------------------------------------------------


def body(case: str) -> str:
    """The lines between docstring and end of the function."""
    return compiled(case)[0].rpartition('"""\n')[2]


def test_linear_regression_reads_as_a_person_would_write_it() -> None:
    assert body("linear-regression") == (
        "    n = X.shape[0]\n"
        "    z = X @ w + b\n"
        "    residual = z - y\n"
        "    L = residual**2\n"
        "    J = L.sum() / n\n"
        "    dz = (2 / n) * residual\n"
        "    dw = X.T @ dz\n"
        "    db = dz.sum()\n"
        "    return J, dw, db\n"
    )


def test_softmax_regression_reads_as_a_person_would_write_it() -> None:
    assert body("softmax-regression") == (
        "    n = X.shape[0]\n"
        "    z = X @ W.T + b\n"
        "    max_z = z.max(axis=1, keepdims=True)\n"
        "    exp_z = np.exp(z - max_z)\n"
        "    sum_exp_z = exp_z.sum(axis=1, keepdims=True)\n"
        "    y_hat = exp_z / sum_exp_z\n"
        "    L = (np.log(sum_exp_z) + max_z)[:, 0] - (Y * z).sum(axis=1)\n"
        "    J = L.sum() / n\n"
        "    dz = (y_hat - Y) / n\n"
        "    dW = dz.T @ X\n"
        "    db = dz.sum(axis=0)\n"
        "    return J, dW, db\n"
    )


def test_docstring_names_every_argument_and_result_with_its_shape() -> None:
    source, function = compiled("ridge")
    assert source.startswith("import numpy as np\n\n\ndef loss_and_gradients(X, y, w, b, lambda_):\n")
    text = inspect.getdoc(function)
    assert text is not None
    for line in ("X: (n, p), inputs", "y: (n,)", "w: (p,)", "b: scalar", "lambda_: scalar", "dw: (p,)", "db: scalar"):
        assert line in text


@pytest.mark.parametrize("case", CASES)
def test_no_line_is_dead_and_no_name_is_given_twice(case: str) -> None:
    tree = ast.parse(compiled(case)[0])
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    (function,) = [node for node in functions if node.name == "loss_and_gradients"]
    names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
    stored = [node.id for node in names if isinstance(node.ctx, ast.Store)]
    loaded = {node.id for node in names if isinstance(node.ctx, ast.Load)}

    assert sorted(stored) == sorted(set(stored))
    assert set(stored) <= loaded
    assert {argument.arg for argument in function.args.args} <= loaded
    helpers = {node.name for node in functions} - {"loss_and_gradients"}
    assert helpers <= loaded


@pytest.mark.parametrize("case", CASES)
def test_no_function_value_and_no_sum_is_computed_twice(case: str) -> None:
    tree = ast.parse(body(case).replace("    return", "    result =").replace("\n    ", "\n").strip())
    calls = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    costly = [call for call in calls if "exp(" in call or "tanh(" in call or "log(" in call or "sigmoid(" in call]
    # np.exp(z) in the Poisson loss and in its gradient: two lines that read as on paper.
    assert case == "poisson" or sorted(costly) == sorted(set(costly))


def test_a_single_gradient_is_a_function_with_source_and_docstring() -> None:
    gradient = derived("softmax-regression").gradient("W").to_numpy()

    assert gradient.__source__.startswith("def gradient(X, Y, W, b):")  # type: ignore[attr-defined]
    assert "J = " not in gradient.__source__, "the loss is not needed"  # type: ignore[attr-defined]
    assert gradient.__doc__ is not None
    assert "gradient of the loss with respect to W" in gradient.__doc__
    assert "dW: (M, p)" in gradient.__doc__
    np.testing.assert_allclose(
        gradient(X=np.eye(2), Y=np.eye(2), W=np.zeros((2, 2)), b=np.zeros(2)), [[-0.25, 0.25], [0.25, -0.25]]
    )


def test_gradient_of_a_node_is_to_be_had_too() -> None:
    dz = derived("mlp").gradient("z2").to_numpy()
    environment = probe(derived("mlp").model, seed=6)
    np.testing.assert_allclose(dz(*arguments(dz, environment)), environment.adjoint("z2"), rtol=1e-12)


# Sums whose range was changed -----------------------------------------------------------------------------------------


LOGITS = Model("logits", "Logits to take a softmax of")
n, M = LOGITS.sizes(n="samples", M="classes")
LOGITS.data("z", n, M)
i, i2, m, m2 = Index("i", n), Index("i'", n), Index("m", M), Index("m'", M)
Z = np.random.default_rng(0).standard_normal((4, 3))


def logit(row: Index, column: Index) -> Entry:
    return Entry(sympy.Symbol("z"), row, column)


def source_of(value: sympy.Expr, *indices: Index) -> str:
    with distribute(False):
        return function_source(Program(LOGITS, ("z",), (Assignment("s", indices, value),), ("s",)), "compute", ("z",))


def computed(value: sympy.Expr, *indices: Index, z: Any = Z) -> Any:
    namespace: dict[str, Any] = {"np": np}
    exec(source_of(value, *indices), namespace)
    return namespace["compute"](z)


TOTAL = SumOver(exp(logit(i, m2)), m2)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (exp(logit(i, m)) / (TOTAL - At(exp(logit(i, m2)), m2, -1)), lambda e: e / e[:, :-1].sum(axis=1)[:, None]),
        (exp(logit(i, m)) / (TOTAL - At(exp(logit(i, m2)), m2, 0)), lambda e: e / e[:, 1:].sum(axis=1)[:, None]),
        (exp(logit(i, m)) / At(exp(logit(i, m2)), m2, -1), lambda e: e / e[:, -1:]),
        (exp(logit(i, m)) / SumOver(exp(logit(i2, m)), i2), lambda e: e / e.sum(axis=0)),
        (exp(logit(i, m)) / SumOver(exp(logit(i2, m2)), i2, m2), lambda e: e / e.sum()),
        (exp(2 * logit(i, m)) / TOTAL, lambda e: e**2 / e.sum(axis=1)[:, None]),
        (exp(logit(i, m)) / TOTAL**2, lambda e: e / e.sum(axis=1)[:, None] ** 2),
        (exp(logit(i, m)) ** 2 / TOTAL, lambda e: e**2 / e.sum(axis=1)[:, None]),
        (exp(logit(i, m)) / TOTAL, lambda e: e / e.sum(axis=1)[:, None]),
        (log(TOTAL) - log(TOTAL - At(exp(logit(i, m2)), m2, -1)) + 0 * logit(i, m),
         lambda e: np.log(e.sum(axis=1) / e[:, :-1].sum(axis=1))),
    ],
    ids=["without the last", "without the first", "only the last", "over the samples", "over everything",
         "another numerator", "squared sum", "squared numerator", "softmax", "log of a shorter sum"],
)  # fmt: skip
def test_what_is_not_a_softmax_is_not_repaired_into_one(value: sympy.Expr, expected: Any) -> None:
    axes = (i, m) if m in value.free_symbols and value.has(logit(i, m)) else (i,)
    np.testing.assert_allclose(computed(value, *axes), expected(np.exp(Z)), rtol=1e-12)


def test_only_a_whole_softmax_is_shifted_by_its_maximum() -> None:
    assert "max_z" in source_of(exp(logit(i, m)) / TOTAL, i, m)
    shorter = exp(logit(i, m)) / (TOTAL - At(exp(logit(i, m2)), m2, -1))
    assert "max_z" not in source_of(shorter, i, m)


def test_a_delta_keeps_both_its_axes_beside_an_array_with_one() -> None:
    value = SumOver(Delta(m, m2) - logit(i, m), i)
    np.testing.assert_allclose(computed(value, m, m2), 4 * np.eye(3) - Z.sum(axis=0)[:, None])


@pytest.mark.parametrize(
    ("value", "expected"),
    [(SumOver(logit(i, m), i2), 4 * Z), (SumOver(sympy.S.One, i2) * logit(i, m), 4 * Z)],
    ids=["of an array", "of a number"],
)
def test_a_sum_over_an_idle_index_is_that_many_times_its_body(value: sympy.Expr, expected: Any) -> None:
    np.testing.assert_allclose(computed(value, i, m), expected)


# Names ----------------------------------------------------------------------------------------------------------------


def named_model(
    inputs: str = "X", weights: str = "w", node: str = "z", activation: type[Elementary] = sigmoid
) -> Model:
    m = Model("named", "A model with an author's names")
    n, p = m.sizes(n="samples", p="features")
    i, j = m.indices(i=n, j=p)
    x, y, w = m.data(inputs, n, p), m.data("y", n), m.parameter(weights, p)
    z = m.node(node)
    z[i] = Sum(w[j] * x[i, j], j)
    m.loss()[()] = Sum(activation(z[i]) * y[i] + activation(z[i]) ** 2, i) / n
    return m


def assert_right_or_refused(model: Model) -> None:
    derivation = derive(model)
    namespace: dict[str, Any] = {}
    exec(gradient_source(derivation), namespace)
    environment = probe(model, seed=7)
    function = namespace["loss_and_gradients"]
    _, gradient = function(*arguments(function, environment))
    np.testing.assert_allclose(gradient, environment.adjoint(model.parameters[0]), rtol=1e-10)


@pytest.mark.parametrize("word", ["lambda", "in", "class"])
def test_a_python_keyword_is_a_name_all_the_same(word: str) -> None:
    assert_right_or_refused(named_model(weights=word))


@pytest.mark.parametrize(
    "names",
    [{"inputs": "dz"}, {"node": "np", "activation": tanh}, {"weights": "sigmoid"}],
    ids=["a gradient's", "NumPy's", "a helper's"],
)
def test_an_authors_name_does_not_collide_with_a_generated_one(names: dict[str, Any]) -> None:
    assert_right_or_refused(named_model(**names))


@pytest.mark.parametrize("name", ["t1", "u1", "max_z", "exp_z"])
def test_an_authors_name_may_look_like_a_temporary(name: str) -> None:
    assert_right_or_refused(named_model(weights=name))


# Elementary functions -------------------------------------------------------------------------------------------------


FUNCTIONS = [absolute, clip, exp, huber, improved_sigmoid, log, logcosh, relu, sigmoid, softplus, step, tanh]


@pytest.mark.parametrize("kind", FUNCTIONS, ids=lambda kind: kind.__name__)
def test_a_functions_source_value_and_derivative_agree(kind: type[Elementary]) -> None:
    u = np.linspace(0.05, 3.05, 61) if kind is log else np.linspace(-3.05, 3.05, 62)
    namespace: dict[str, Any] = {"np": np, "u": u}
    if kind.helper:
        exec(kind.helper, namespace)
    np.testing.assert_allclose(eval(kind.source.format(u="u"), namespace), kind.numpy(u), rtol=1e-13)

    slopes = np.imag(kind.numpy(u + 1e-30j)) / 1e-30
    symbol = sympy.Symbol("u", real=True)
    derivative = kind(symbol).diff(symbol)
    np.testing.assert_allclose(_evaluated(derivative, symbol, u), slopes, rtol=1e-12, atol=1e-13)


def _evaluated(expression: sympy.Expr, symbol: sympy.Symbol, u: Any) -> Any:
    if expression == symbol:
        return u
    if isinstance(expression, Elementary):
        return type(expression).numpy(_evaluated(expression.args[0], symbol, u))
    if expression.is_number:
        return float(expression)
    parts = [_evaluated(argument, symbol, u) for argument in expression.args]
    if isinstance(expression, sympy.Pow):
        return parts[0] ** parts[1]
    operation = np.add if isinstance(expression, sympy.Add) else np.multiply
    return operation.reduce(np.broadcast_arrays(*parts)) if len(parts) > 1 else parts[0]


@pytest.mark.parametrize("kind", [sigmoid, softplus, logcosh, tanh, improved_sigmoid], ids=lambda kind: kind.__name__)
def test_functions_of_far_arguments_stay_finite(kind: type[Elementary]) -> None:
    namespace: dict[str, Any] = {"np": np, "u": np.array([-1e4, -800.0, 0.0, 800.0, 1e4])}
    exec(kind.helper or "", namespace)
    assert np.isfinite(eval(kind.source.format(u="u"), namespace)).all()


def test_every_domain_that_a_model_uses_is_drawn_within_it() -> None:
    drawn = {(spec.domain, name, spec.name) for name, entry in MODELS.items() for spec in array_specs(entry.build())}
    for domain, name, array in drawn:
        values = probe(MODELS[name].build(), seed=8).array(array)
        match domain:
            case Domain.ONE_HOT:
                assert (values.sum(axis=-1) == 1).all()
                assert set(np.unique(values)) == {0, 1}
            case Domain.SIGNS:
                assert set(np.unique(values)) == {-1, 1}
            case Domain.BINARY:
                assert set(np.unique(values)) == {0, 1}
            case Domain.COUNTS:
                assert (values >= 0).all()
                assert (values == np.round(values)).all()
            case Domain.UNIT:
                assert 0 < values < 1
            case Domain.POSITIVE:
                assert values > 0
