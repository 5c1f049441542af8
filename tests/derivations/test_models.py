"""Every model that ships is derived and proven, and gives the gradients of the textbooks."""

from __future__ import annotations

import inspect
import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
import sympy
from sympy.core.parameters import distribute

from checkers.errors import ModelError, ProofError, UsageError
from derivations import derive
from derivations.chain_rule import sweep
from derivations.derivation import Derivation, Equality, Step
from derivations.evaluation import Environment, probe, relative_difference
from derivations.expressions import Adjoint, Delta, Entry, Index, Partial, SumOver, canonical
from derivations.functions import clip, exp, sigmoid, step, tanh
from derivations.model import Model, Sum
from derivations.models import MODELS
from derivations.proof import TOLERANCE, prove
from derivations.rewriting import hoist

CHOICES: dict[str, tuple[Any, ...]] = {
    "half": (False, True),
    "l2": ("none", "full", "half"),
    "route": ("fused", "y-hat"),
    "activation": ("relu", "sigmoid", "tanh", "improved-sigmoid"),
    "layers": ((4, 5, 3), (4, 3), (4, 5, 6, 3)),
}


def variations() -> Iterator[Any]:
    """Every model with every option; of the networks, those that change two options or more are slow."""
    for name, entry in MODELS.items():
        for values in itertools.product(*(CHOICES[option] for option in entry.options)):
            options = dict(zip(entry.options, values, strict=True))
            changed = sum(value != CHOICES[option][0] for option, value in options.items())
            marks = [pytest.mark.slow] if name == "mlp" and changed > 1 else []
            label = " ".join([name, *(f"{option}={value}" for option, value in options.items())])
            yield pytest.param(name, options, id=label, marks=marks)


@lru_cache
def derived(name: str, **options: Any) -> Derivation:
    return derive(MODELS[name].build(**options))


@pytest.fixture(autouse=True)
def _as_in_a_sweep() -> Iterator[None]:
    with distribute(False):
        yield


def entry(name: str, *indices: Index) -> Entry:
    return Entry(sympy.Symbol(name), *indices)


# All of them ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "options"), list(variations()))
def test_every_equality_is_proven_and_every_adjoint_is_the_measured_one(name: str, options: dict[str, Any]) -> None:
    derivation = prove(sweep(MODELS[name].build(**options)))
    environment = probe(derivation.model, seed=1)

    for step_ in derivation.steps:
        assert step_.error is not None
        assert step_.error <= TOLERANCE
        assert step_.result in [equality.right for equality in step_.equalities]
        measured = environment.evaluate(step_.quantity)
        assert relative_difference(environment.evaluate(step_.result), measured) <= TOLERANCE
    for parameter in derivation.model.parameters:
        assert derivation.adjoint(parameter).is_adjoint


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("name", "options"), list(variations()))
def test_every_equality_holds_on_other_arrays(name: str, options: dict[str, Any], seed: int) -> None:
    prove(sweep(MODELS[name].build(**options)), 100 + seed)


@pytest.mark.parametrize("name", MODELS)
def test_a_chain_of_equalities_has_no_gap(name: str) -> None:
    for step_ in derived(name).steps:
        assert step_.equalities[0].left == step_.quantity
        for before, after in itertools.pairwise(step_.equalities):
            assert before.right == after.left
        assert all(equality.left != equality.right for equality in step_.equalities)
        assert all(equality.reason.endswith(".") for equality in step_.equalities)


@pytest.mark.parametrize("name", MODELS)
def test_each_step_uses_only_adjoints_found_before_it(name: str) -> None:
    found: set[str] = set()
    for step_ in derived(name).steps:
        assert {adjoint.name for adjoint in step_.result.atoms(Adjoint)} <= found
        if step_.is_adjoint:
            found.add(step_.quantity.name)


def test_only_what_is_asked_for_is_derived() -> None:
    names = [step_.name for step_ in derive(MODELS["mlp"].build(), ["W2"]).steps if step_.is_adjoint]
    assert names == ["dJ/dL", "dJ/dz2", "dJ/dW2"]


def test_derivatives_by_data_are_derived_on_request() -> None:
    derivation = derive(MODELS["linear-regression"].build(), ["X"])
    environment = probe(derivation.model, seed=2)
    np.testing.assert_allclose(
        environment.adjoint("X"), np.outer(environment.adjoint("z"), environment.array("w")), rtol=1e-12
    )
    assert derivation.adjoint("X").error is not None


def test_options_a_model_does_not_take_are_named() -> None:
    with pytest.raises(
        UsageError, match=re.escape("Ridge regression: mean squared error with an L2 penalty: no option")
    ):
        MODELS["ridge"].build(route="fused")
    with pytest.raises(UsageError, match=r"No activation 'softplus'\. Known: relu, sigmoid, tanh, improved-sigmoid\."):
        MODELS["mlp"].build(activation="softplus")
    with pytest.raises(UsageError, match=r"No route 'hat'\. Known: fused, y-hat\."):
        MODELS["softmax-regression"].build(route="hat")
    with pytest.raises(UsageError, match=r"No L2 penalty 'twice'\. Known: none, full, half\."):
        MODELS["ridge"].build(l2="twice")
    with pytest.raises(
        UsageError, match=r"--layers needs at least an input and an output width, such as 4,5,3; got \(4,\)"
    ):
        MODELS["mlp"].build(layers=(4,))


# Textbook results -----------------------------------------------------------------------------------------------------


def result(derivation: Derivation, name: str) -> sympy.Expr:
    """The gradient as a textbook has it: adjoints as they are, bound names forgotten."""
    return canonical(hoist(derivation.adjoint(name).result))


def indices(derivation: Derivation, *names: str) -> tuple[Index, ...]:
    return tuple(derivation.model.index(name) for name in names)


@pytest.mark.parametrize(("half", "factor"), [(False, 2), (True, 1)], ids=["1/n", "1/2n"])
def test_linear_regression_has_the_residual_times_two_over_n(half: bool, factor: int) -> None:
    d = derived("linear-regression", half=half)
    i, j = indices(d, "i", "j")
    z, y, X = entry("z", i), entry("y", i), entry("X", i, j)
    dz = Model.derivative(z)

    assert d.adjoint("z").result == sympy.Mul(factor, 1 / i.size, z - y)
    assert result(d, "w") == canonical(SumOver(dz * X, i))
    assert result(d, "b") == canonical(SumOver(dz, i))


@pytest.mark.parametrize(("l2", "factor"), [("full", 2), ("half", 1)])
def test_ridge_adds_the_weights_to_their_gradient_only(l2: str, factor: int) -> None:
    d = derived("ridge", l2=l2)
    i, j = indices(d, "i", "j")
    dz = Model.derivative(entry("z", i))
    penalty = factor * entry("lambda") * entry("w", j)

    assert result(d, "w") == canonical(SumOver(dz * entry("X", i, j), i) + penalty)
    assert result(d, "b") == canonical(SumOver(dz, i))


@pytest.mark.parametrize("route", ["fused", "y-hat"])
def test_logistic_regression_has_the_same_gradient_on_both_routes(route: str) -> None:
    d = derived("logistic-regression", route=route)
    (i,) = indices(d, "i")
    assert d.adjoint("z").result == (entry("y_hat", i) - entry("y", i)) / i.size


def test_the_probability_route_goes_through_the_sigmoid() -> None:
    d = derived("logistic-regression", route="y-hat")
    (i,) = indices(d, "i")
    y, y_hat = entry("y", i), entry("y_hat", i)

    assert d.step("dL/dy_hat").result == (y_hat - y) / (y_hat * (1 - y_hat))
    assert d.step("dy_hat/dz").result == y_hat * (1 - y_hat)


@pytest.mark.parametrize("route", ["fused", "y-hat"])
def test_softmax_regression_has_the_same_gradient_on_both_routes(route: str) -> None:
    d = derived("softmax-regression", route=route)
    i, j, k = indices(d, "i", "j", "m")
    dz = Model.derivative(entry("z", i, k))

    assert d.adjoint("z").result == (entry("y_hat", i, k) - entry("Y", i, k)) / i.size
    assert result(d, "W") == canonical(SumOver(dz * entry("X", i, j), i))
    assert result(d, "b") == canonical(SumOver(dz, i))


def test_softmax_jacobian_is_full() -> None:
    d = derived("softmax-regression", route="y-hat")
    jacobian = d.step("dy_hat/dz")
    assert isinstance(jacobian.quantity, Partial)
    i, k, j = *jacobian.quantity.of.indices, jacobian.quantity.target.indices[1]

    textbook = entry("y_hat", i, k) * (Delta(k, j) - entry("y_hat", i, j))
    environment = probe(d.model, seed=3)
    assert relative_difference(environment.evaluate(jacobian.result), environment.evaluate(textbook)) < 1e-14
    assert jacobian.result.has(Delta)


@pytest.mark.parametrize(
    ("activation", "slope"),
    [
        ("relu", lambda z, _: step(z)),
        ("sigmoid", lambda _, a: a * (1 - a)),
        ("tanh", lambda _, a: 1 - a**2),
        (
            "improved-sigmoid",
            lambda z, _: sympy.Rational(2, 3) * sympy.Rational(17159, 10000) * (1 - tanh(2 * z / 3) ** 2),
        ),
    ],
    ids=["relu", "sigmoid", "tanh", "improved-sigmoid"],
)
def test_a_hidden_layer_multiplies_by_the_slope_of_its_activation(activation: str, slope: Any) -> None:
    d = derived("mlp", activation=activation)
    i, k, m = indices(d, "i", "k", "m")
    back = SumOver(Model.derivative(entry("z2", i, m)) * entry("W2", m, k), m)
    textbook = back * slope(entry("z1", i, k), entry("a1", i, k))

    environment = probe(d.model, seed=4)
    for quantity in (Model.derivative(entry("z1", i, k)), d.adjoint("z1").result):
        assert relative_difference(environment.evaluate(quantity), environment.evaluate(textbook)) < 1e-12


def test_each_layer_of_a_network_is_derived_the_same_way() -> None:
    d = derived("mlp", layers=(4, 5, 6, 3), l2="half")
    i, j, k, h, m = indices(d, "i", "j", "k", "h", "m")
    for name, inputs, adjoint in (
        ("W3", entry("a2", i, h), entry("z3", i, m)),
        ("W2", entry("a1", i, k), entry("z2", i, h)),
        ("W1", entry("X", i, j), entry("z1", i, k)),
    ):
        weight = entry(name, adjoint.indices[1], inputs.indices[1])
        textbook = SumOver(Model.derivative(adjoint) * inputs, i) + entry("lambda") * weight
        assert result(d, name) == canonical(textbook)


@pytest.mark.parametrize(
    ("name", "slope"),
    [
        ("huber", lambda y, z: -clip(y - z)),
        ("hinge", lambda y, z: -y * step(1 - y * z)),
        ("poisson", lambda y, z: exp(z) - y),
        ("log-cosh", lambda y, z: tanh(z - y)),
        ("quantile", lambda y, z: step(z - y) - entry("tau")),
    ],
    ids=["huber", "hinge", "poisson", "log-cosh", "quantile"],
)
def test_a_loss_given_by_its_line_alone_has_its_textbook_slope(name: str, slope: Any) -> None:
    d = derived(name)
    (i,) = indices(d, "i")
    textbook = slope(entry("y", i), entry("z", i)) / i.size
    environment = probe(d.model, seed=5)
    measured = environment.evaluate(d.adjoint("z").result)
    assert relative_difference(measured, environment.evaluate(textbook)) < 1e-12


def test_label_smoothing_compares_with_the_smoothed_labels() -> None:
    d = derived("label-smoothing")
    i, k = indices(d, "i", "m")
    assert d.adjoint("z").result == (entry("y_hat", i, k) - entry("t", i, k)) / i.size


# Layers ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "axis"), [("batch-normalisation", 0), ("layer-normalisation", 1)])
def test_a_normalisation_has_the_gradient_of_the_papers(name: str, axis: int) -> None:
    """gamma dout less its mean less its part along x_hat, over the deviation; as in the compact form by hand."""
    d = derived(name)
    environment = probe(d.model, seed=6)
    x, gamma, dout = (environment.array(name) for name in ("x", "gamma", "dout"))
    deviation = np.sqrt(x.var(axis=axis, keepdims=True) + 1e-5)
    x_hat = (x - x.mean(axis=axis, keepdims=True)) / deviation
    g = gamma * dout
    compact = (g - g.mean(axis=axis, keepdims=True) - x_hat * (g * x_hat).mean(axis=axis, keepdims=True)) / deviation

    gradients = {name: d.gradient(name).to_numpy() for name in ("x", "gamma", "beta")}
    arguments = {"x": x, "gamma": gamma, "dout": dout, "epsilon": 1e-5}
    needed = {name: inspect.signature(f).parameters for name, f in gradients.items()}
    found = {
        name: f(**{key: value for key, value in arguments.items() if key in needed[name]})
        for name, f in gradients.items()
    }
    np.testing.assert_allclose(found["x"], compact, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(found["x"], environment.adjoint("x"), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found["gamma"], (dout * x_hat).sum(axis=0), rtol=1e-12)
    np.testing.assert_allclose(found["beta"], dout.sum(axis=0), rtol=1e-12)


@pytest.mark.parametrize(("name", "axis"), [("batch-normalisation", 0), ("layer-normalisation", 1)])
def test_the_gradient_of_a_normalisation_sums_to_zero_where_the_mean_is_taken(name: str, axis: int) -> None:
    adjoint = probe(derived(name).model, seed=7).adjoint("x")
    np.testing.assert_allclose(adjoint.sum(axis=axis), 0, atol=1e-14)
    assert np.abs(adjoint.sum(axis=1 - axis)).max() > 0.1


@pytest.mark.parametrize("name", ["batch-normalisation", "layer-normalisation"])
def test_a_normalisation_is_derived_through_its_named_statistics(name: str) -> None:
    d = derived(name)
    (out,) = [definition for definition in d.model.definitions if definition.name == "out"]
    assert d.adjoint("out").result == Entry(sympy.Symbol("dout"), *out.indices)
    (index,) = d.model.definition("std").indices
    assert d.step("dstd/dvar").result == 1 / (2 * entry("std", index))
    for statistic in ("mu", "std", "var"):
        assert d.adjoint(statistic).is_adjoint


def test_an_affine_layer_hands_the_gradient_back_by_matrix_products() -> None:
    environment = probe(derived("affine").model, seed=9)
    x, w, dout = (environment.array(name) for name in ("x", "w", "dout"))
    for name, textbook in (("x", dout @ w.T), ("w", x.T @ dout), ("b", dout.sum(axis=0))):
        np.testing.assert_allclose(environment.adjoint(name), textbook, rtol=1e-12, atol=1e-14)
        values = {"x": x, "w": w, "dout": dout}
        function = derived("affine").gradient(name).to_numpy()
        arguments = {key: values[key] for key in inspect.signature(function).parameters}
        np.testing.assert_allclose(function(**arguments), textbook, rtol=1e-12, atol=1e-14)


def test_losses_of_scores_have_their_textbook_gradients() -> None:
    for name in ("softmax-loss", "svm-loss"):
        environment = probe(derived(name).model, seed=10)
        x, Y = environment.array("x"), environment.array("Y")
        if name == "softmax-loss":
            textbook = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True) - Y
        else:
            active = (1 - Y) * (1 + x - (x * Y).sum(axis=1, keepdims=True) > 0)
            textbook = active - Y * active.sum(axis=1, keepdims=True)
        gradient = derived(name).gradient("x").to_numpy()
        np.testing.assert_allclose(gradient(x=x, Y=Y), textbook / len(x), rtol=1e-12, atol=1e-14)


def test_a_convolution_has_the_gradient_of_its_loops() -> None:
    d = derived("convolution")
    environment = probe(d.model, seed=8)
    x, w, b, dout = (environment.array(name) for name in ("x", "w", "b", "dout"))
    out, dx, dw = np.zeros(dout.shape), np.zeros(x.shape), np.zeros(w.shape)
    for i, f, r, s in np.ndindex(*dout.shape):
        window = np.s_[i, :, r : r + w.shape[2], s : s + w.shape[3]]
        out[i, f, r, s] = (x[window] * w[f]).sum() + b[f]
        dw[f] += dout[i, f, r, s] * x[window]
        dx[window] += dout[i, f, r, s] * w[f]

    np.testing.assert_allclose(environment.array("out"), out, rtol=1e-11, atol=1e-13)
    for name, textbook in (("x", dx), ("w", dw), ("b", dout.sum(axis=(0, 2, 3)))):
        function = d.gradient(name).to_numpy()
        needed = inspect.signature(function).parameters
        values = {"x": x, "w": w, "dout": dout}
        found = function(**{key: value for key, value in values.items() if key in needed})
        np.testing.assert_allclose(found, textbook, rtol=1e-11, atol=1e-13)
        np.testing.assert_allclose(environment.adjoint(name), textbook, rtol=1e-11, atol=1e-13)


# A proof that fails ---------------------------------------------------------------------------------------------------


def tampered(derivation: Derivation, name: str, place: int, right: sympy.Expr) -> Derivation:
    """The derivation with the right side of one equality replaced, as if a rule had been wrong."""
    found = derivation.step(name)
    equalities = list(found.equalities)
    equalities[place] = replace(equalities[place], right=right)
    changed = replace(found, equalities=tuple(equalities))
    return replace(derivation, steps=tuple(changed if s.name == name else s for s in derivation.steps))


def _flipped(right: sympy.Expr) -> sympy.Expr:
    return -right


def _without_sum(right: sympy.Expr) -> sympy.Expr:
    total = next(iter(right.atoms(SumOver)))
    return right.xreplace({total: total.body})


def _off_by_a_thousandth(right: sympy.Expr) -> sympy.Expr:
    return sympy.Rational(1001, 1000) * right


def _off_by_a_billionth(right: sympy.Expr) -> sympy.Expr:
    return (1 + sympy.Rational(1, 10**9)) * right


def _other_index(right: sympy.Expr) -> sympy.Expr:
    total = next(iter(right.atoms(SumOver)))
    i = total.indices[0]
    moved = Index("i'", i.size)
    y = next(e for e in total.body.atoms(Entry) if not isinstance(e, Adjoint) and i in e.indices)
    return right.xreplace({y: entry(y.name, *(moved if index == i else index for index in y.indices))})


@pytest.mark.parametrize("place", [0, -1], ids=["first equality", "last equality"])
@pytest.mark.parametrize(
    "slip",
    [_flipped, _without_sum, _off_by_a_thousandth, _off_by_a_billionth, _other_index],
    ids=lambda slip: slip.__name__.strip("_").replace("_", " "),
)
@pytest.mark.parametrize(("name", "wrt"), [("linear-regression", "w"), ("softmax-regression", "W"), ("mlp", "W1")])
def test_a_wrong_equality_is_refused_by_step_and_rule(name: str, wrt: str, slip: Any, place: int) -> None:
    derivation = sweep(MODELS[name].build())
    equality = derivation.adjoint(wrt).equalities[place]
    total = next(iter(equality.right.atoms(SumOver)))
    if slip is _other_index and all(isinstance(e, Adjoint) for e in total.body.atoms(Entry)):
        pytest.skip("no array beside the adjoint and the local derivative in this equality")
    wrong = tampered(derivation, f"dJ/d{wrt}", place, slip(equality.right))

    message = rf"dJ/d{wrt}: the equality by the rule '{re.escape(equality.rule)}' does not hold: its sides differ by \d"
    with pytest.raises(ProofError, match=message):
        prove(wrong)


def test_a_wrong_local_derivative_is_refused_though_all_else_follows_from_it() -> None:
    derivation = sweep(MODELS["logistic-regression"].build(route="y-hat"))
    slope = derivation.step("dy_hat/dz")
    wrong = tampered(derivation, "dy_hat/dz", -1, slope.equalities[-1].right + 1)
    with pytest.raises(ProofError, match=r"^dy_hat/dz: the equality by the rule"):
        prove(wrong)


def test_a_derivation_of_another_loss_is_refused() -> None:
    half, full = sweep(MODELS["linear-regression"].build(half=True)), sweep(MODELS["linear-regression"].build())
    with pytest.raises(ProofError, match=r"dL/dz|dJ/dz"):
        prove(replace(half, model=full.model))


def test_an_equality_that_is_not_a_number_is_refused() -> None:
    derivation = sweep(MODELS["softmax-regression"].build())
    i, k = indices(derivation, "i", "m")
    infinite = 1 / entry("Y", i, k)
    with np.errstate(all="ignore"), pytest.raises(ProofError, match=r"dJ/dz: .* does not hold"):
        prove(tampered(derivation, "dJ/dz", -1, infinite))


def test_an_unproven_step_has_no_error_to_show() -> None:
    derivation = sweep(MODELS["poisson"].build())
    assert all(step_.error is None for step_ in derivation.steps)
    empty = Step("dJ/dz", Model.derivative(entry("z")), sympy.S.One, ())
    assert empty.error is None
    assert Equality(sympy.S.One, sympy.S.One, "", "").error is None


def test_a_proof_compares_with_the_definitions_and_not_with_earlier_steps() -> None:
    """dJ/dw from a wrong dJ/dz must be refused, though it is right in terms of it."""
    derivation = sweep(MODELS["linear-regression"].build())
    environment = probe(derivation.model, seed=0)
    X, y, w, b = (environment.array(name) for name in ("X", "y", "w", "b"))
    dz = 2 / len(y) * (X @ w + b - y)

    np.testing.assert_allclose(environment.adjoint("z"), dz, rtol=1e-12)
    np.testing.assert_allclose(environment.adjoint("w"), X.T @ dz, rtol=1e-12)
    np.testing.assert_allclose(environment.adjoint("b"), dz.sum(), rtol=1e-12)


# Models nobody ships --------------------------------------------------------------------------------------------------


def own_model(write: Any) -> Model:
    m = Model("own", "An author's model")
    n, p = m.sizes(n="samples", p="features")
    i, j = m.indices(i=n, j=p)
    X, y, w = m.data("X", n, p), m.data("y", n), m.parameter("w", p)
    z = m.node("z")
    z[i] = Sum(w[j] * X[i, j], j)
    write(m, n, i, j, X, y, w, z)
    return m


def _two_sums_of_one_parameter(m: Any, n: Any, i: Any, j: Any, X: Any, y: Any, w: Any, z: Any) -> None:
    m.loss()[()] = Sum(w[j], j) * Sum(w[j] ** 2, j) + Sum(z[i], i) / n


def _quadratic_form(m: Any, n: Any, i: Any, j: Any, X: Any, y: Any, w: Any, z: Any) -> None:
    (j2,) = m.indices(k=j.size)
    A = m.data("A", j.size, j.size)
    m.loss()[()] = Sum(w[j] * A[j, j2] * w[j2], j, j2)


def _nested_sum_of_one_letter(m: Any, n: Any, i: Any, j: Any, X: Any, y: Any, w: Any, z: Any) -> None:
    m.loss()[()] = Sum(w[j] * Sum(w[j] * X[i, j], j) * X[i, j], i, j)


def _trace(m: Any, n: Any, i: Any, j: Any, X: Any, y: Any, w: Any, z: Any) -> None:
    (j2,) = m.indices(k=j.size)
    A, W = m.data("A", j.size, j.size), m.parameter("W", j.size, j.size)
    m.loss()[()] = Sum(A[j, j2] * W[j2, j], j, j2) + Sum(W[j, j], j) + Sum(z[i] ** 2, i)


def _scalar_node(m: Any, n: Any, i: Any, j: Any, X: Any, y: Any, w: Any, z: Any) -> None:
    norm = m.node("s")
    norm[()] = 1 + Sum(w[j] ** 2, j)
    m.loss()[()] = Sum(sigmoid(z[i] / norm[()]) * y[i], i) / n


def _node_used_twice(m: Any, n: Any, i: Any, j: Any, X: Any, y: Any, w: Any, z: Any) -> None:
    a, c = m.node("a"), m.node("c")
    a[i] = tanh(z[i])
    c[i] = a[i] * z[i]
    m.loss()[()] = Sum((c[i] - y[i]) ** 2 + a[i], i) / n


@pytest.mark.parametrize(
    "write",
    [_two_sums_of_one_parameter, _quadratic_form, _nested_sum_of_one_letter, _trace, _scalar_node, _node_used_twice],
    ids=lambda write: write.__name__.strip("_").replace("_", " "),
)
def test_an_authors_model_is_derived_and_proven(write: Any) -> None:
    derivation = derive(own_model(write))
    assert [step_.name for step_ in derivation.steps if step_.is_adjoint][-1].startswith("dJ/d")


def _centred(m: Any, n: Any, i: Any, j: Any, X: Any, y: Any, w: Any, z: Any) -> None:
    c = m.node("c")
    c[i] = z[i] - Sum(z[i], i) / n
    m.loss()[()] = Sum(c[i] ** 2 * y[i], i) / n


def _softmax_with_one_letter(m: Any, n: Any, i: Any, j: Any, X: Any, y: Any, w: Any, z: Any) -> None:
    s = m.node("s")
    s[i] = exp(z[i]) / Sum(exp(z[i]), i)
    m.loss()[()] = Sum(s[i] * y[i], i)


@pytest.mark.parametrize("write", [_centred, _softmax_with_one_letter], ids=["centred", "softmax"])
def test_a_node_may_bind_its_own_letter_in_a_sum(write: Any) -> None:
    derive(own_model(write))


def _deviations(m: Any, n: Any, i: Any, j: Any, X: Any, y: Any, w: Any, z: Any) -> None:
    mean, variance = m.node("c"), m.node("s")
    mean[()] = Sum(z[i], i) / n
    variance[()] = Sum((z[i] - mean[()]) ** 2, i) / n
    m.loss()[()] = variance[()] ** 2


def test_a_derivative_that_vanishes_is_not_refused_for_its_rounding() -> None:
    derive(own_model(_deviations))


def _diagonal_alone(m: Any, n: Any, i: Any, j: Any, X: Any, y: Any, w: Any, z: Any) -> None:
    W = m.parameter("W", j.size, j.size)
    m.loss()[()] = Sum(W[j, j], j) + Sum(z[i] ** 2, i)


def test_an_array_used_on_its_diagonal_alone_is_refused_by_name() -> None:
    with pytest.raises(ModelError, match=r"own never uses W with indices that all differ\."):
        derive(own_model(_diagonal_alone))


def test_a_model_without_a_loss_names_itself() -> None:
    m = Model("empty")
    with pytest.raises(ModelError, match=r"empty must define exactly one loss; it defines 0\."):
        sweep(m)


def test_environment_broadcasts_a_node_that_lacks_one_of_its_indices() -> None:
    m = Model("flat", "A node that is the same in every row")
    n, p = m.sizes(n="rows", p="columns")
    i, j = m.indices(i=n, j=p)
    w, z = m.parameter("w", p), m.node("z")
    z[i, j] = w[j]
    m.loss()[()] = Sum(z[i, j] ** 2, i, j)
    environment = Environment(m, {"n": 2, "p": 3}, {"w": np.arange(3.0)})

    np.testing.assert_array_equal(environment.array("z"), [[0, 1, 2], [0, 1, 2]])
    np.testing.assert_allclose(environment.adjoint("w"), 2 * 2 * np.arange(3.0))
