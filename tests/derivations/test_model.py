"""The model language refuses what makes no sense on paper, and says where."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
import sympy

from checkers.errors import ModelError, UsageError
from checkers.probes import draw
from derivations import derive
from derivations.evaluation import PRIMES, Environment, array_specs, fan_in_axis, kink_distance, prime_sizes, probe
from derivations.expressions import Delta, Entry, Index, SumOver
from derivations.functions import huber, relu
from derivations.model import Model, Sum
from derivations.models import MODELS
from derivations.program import program, quantities


class Started:
    """A model with data and parameters declared and no node defined yet."""

    def __init__(self) -> None:
        self.model = m = Model("started", "A model to finish")
        self.n, self.p = m.sizes(n="samples", p="features")
        self.i, self.j = m.indices(i=self.n, j=self.p)
        self.x, self.y = m.data("x", self.n, self.p), m.data("y", self.n)
        self.w, self.b = m.parameter("w", self.p), m.parameter("b")
        self.z, self.J = m.node("z"), m.loss("J")

    def prediction(self) -> sympy.Expr:
        return Sum(self.w[self.j] * self.x[self.i, self.j], self.j) + self.b


def _free_on_the_right(s: Started) -> None:
    s.z[s.i] = s.w[s.j] * s.x[s.i, s.j]


def _swapped_axes(s: Started) -> None:
    s.z[s.i] = Sum(s.w[s.j] * s.x[s.j, s.i], s.j)


def _too_few_indices(s: Started) -> None:
    s.z[s.i] = s.x[s.i]


def _used_before_defined(s: Started) -> None:
    s.J[()] = Sum(s.z[s.i], s.i)


def _defined_twice(s: Started) -> None:
    s.z[s.i] = s.prediction()
    s.z[s.i] = s.prediction()


def _array_of_another_model(s: Started) -> None:
    s.z[s.i] = s.prediction() + Entry(sympy.Symbol("q"), s.i)


def _loss_with_an_index(s: Started) -> None:
    s.J[s.i] = s.y[s.i]


def _same_index_twice(s: Started) -> None:
    s.z[s.i, s.i] = s.y[s.i]


def _declared_twice(s: Started) -> None:
    s.model.data("y", s.n)


def _named_like_a_size(s: Started) -> None:
    s.model.data("n", s.n)


def _sum_without_index(s: Started) -> None:
    s.J[()] = Sum(s.y[s.i])


def _sum_over_an_absent_index(s: Started) -> None:
    s.J[()] = Sum(s.y[s.i], s.i, s.j)


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (
            _free_on_the_right,
            "z[i]: the right side has the free index j, the left side has not. A sum over it",
        ),
        (_swapped_axes, "x has the shape (n, p), but x[j, i] has indices over (p, n)."),
        (_too_few_indices, "x has the shape (n, p), but x[i] has indices over (n,)."),
        (_used_before_defined, "z is used before it is defined. Write z[...] = ... first."),
        (_defined_twice, "z is defined twice."),
        (_array_of_another_model, "z uses q, which this model does not declare."),
        (_loss_with_an_index, "The loss J must be a scalar: write J[()] = ..."),
        (_same_index_twice, "z is defined with the same index twice."),
        (_declared_twice, "started declares y twice."),
        (_named_like_a_size, "started declares n twice."),
        (_sum_without_index, "Sum needs the indices it runs over, such as Sum(L[i], i)."),
        (_sum_over_an_absent_index, "Sum over j, but its body does not depend on j."),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else "",
)
def test_a_slip_on_paper_is_refused_with_its_place(write: Callable[[Started], None], message: str) -> None:
    with pytest.raises(ModelError, match=re.escape(message)):
        write(Started())


def test_indices_of_different_size_cannot_be_joined() -> None:
    s = Started()
    with pytest.raises(ModelError, match=r"index i runs over n, but index j over p: they cannot be equal\."):
        Delta(s.i, s.j)


def test_indices_of_one_name_and_two_sizes_are_two_indices() -> None:
    s = Started()
    assert Index("i", s.n) == s.i
    assert Index("i", s.p) != s.i
    body = s.y[s.i]
    assert SumOver(body, s.i) != SumOver(body, Index("i", s.p))


def test_a_loss_that_is_not_defined_is_missed_when_the_model_is_derived() -> None:
    s = Started()
    s.z[s.i] = s.prediction()
    with pytest.raises(ModelError, match=r"started must define exactly one loss; it defines 0\."):
        derive(s.model)


def test_an_array_the_loss_does_not_depend_on_has_no_derivative() -> None:
    s = Started()
    s.z[s.i] = s.prediction()
    s.J[()] = Sum(s.y[s.i] ** 2, s.i)
    with pytest.raises(ModelError, match=r"The loss of started does not depend on w, b\."):
        derive(s.model)


def test_an_unknown_array_lists_the_known_ones() -> None:
    s = Started()
    s.z[s.i] = s.prediction()
    s.J[()] = Sum(s.z[s.i] ** 2, s.i)
    with pytest.raises(UsageError, match=r"started has no array v\. It has x, y, w, b, z\."):
        derive(s.model, ["v"])


def test_an_unknown_step_lists_the_steps() -> None:
    derivation = derive(MODELS["poisson"].build(), ["b"])
    with pytest.raises(UsageError, match=r"poisson has no step dJ/dq\. Its steps: dJ/dL, dL/dz, dJ/dz, dz/db, dJ/db\."):
        derivation.gradient("q")


def test_an_unknown_node_lists_the_nodes() -> None:
    with pytest.raises(ModelError, match=r"poisson has no node a\. Its nodes: z, L, J\."):
        MODELS["poisson"].build().definition("a")


def test_ancestors_are_what_a_node_is_computed_from() -> None:
    model = MODELS["softmax-regression"].build(route="y-hat")
    assert model.ancestors("z") == {"X", "W", "b"}
    assert model.ancestors("J") == {"L", "y_hat", "Y", "z", "X", "W", "b"}


# What is drawn to prove and to check with -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", MODELS)
def test_probe_has_a_distinct_prime_for_every_size_and_stays_away_from_kinks(name: str) -> None:
    model = MODELS[name].build()
    environment = probe(model, seed=0)
    sizes = list(environment.sizes.values())

    assert len(set(sizes)) == len(model.size_notes) == len(sizes)
    assert set(sizes) <= set(PRIMES) or model.reaches
    assert kink_distance(environment) > 1e-4


def test_kinks_are_measured_from_where_each_function_has_them() -> None:
    s = Started()
    s.J[()] = Sum(huber(s.y[s.i]) + relu(s.y[s.i] - 3), s.i)
    y = np.array([0.25, 1.75, 2.9])
    environment = Environment(
        s.model, {"n": 3, "p": 2}, {"x": np.ones((3, 2)), "y": y, "w": np.ones(2), "b": np.ones(())}
    )

    assert kink_distance(environment) == pytest.approx(0.1)


def test_weights_are_drawn_by_fan_in_and_biases_are_not() -> None:
    model = MODELS["mlp"].build()
    assert [fan_in_axis(model, name) for name in ("W1", "b1", "W2", "b2", "X")] == [1, None, 1, None, None]
    specs = array_specs(model)
    large = dict.fromkeys(model.size_notes, 200)
    drawn = draw(specs, large, seed=0)
    assert drawn["W1"].std() == pytest.approx(200**-0.5, rel=0.05)
    assert drawn["b1"].std() == pytest.approx(1, rel=0.2)


def test_sizes_of_the_first_probe_follow_the_order_of_declaration() -> None:
    assert prime_sizes(MODELS["mlp"].build()) == {"n": 5, "p": 7, "H": 11, "M": 13}


# Windows --------------------------------------------------------------------------------------------------------------


class Windowed:
    """A filter that slides over a row, with no node defined yet."""

    def __init__(self) -> None:
        self.model = m = Model("windowed", "A filter over a row")
        P, A = m.sizes(P="places", A="width of the filter")
        self.H = m.reach("H", P, A, "length of the row")
        self.h, self.a, self.u = m.indices(h=P, a=A, u=self.H)
        self.x, self.w = m.parameter("x", self.H), m.parameter("w", A)
        self.out = m.node("out")

    def derived(self) -> Environment:
        """The gradients of the sum of squares of the output, checked against those by hand."""
        h, out = self.h, self.out
        self.model.loss()[()] = Sum(out[h] ** 2, h)
        derivation = derive(self.model)
        environment = probe(self.model, seed=2)
        for name in self.model.parameters:
            result = environment.evaluate(derivation.adjoint(name).result).array
            np.testing.assert_allclose(result, environment.adjoint(name), rtol=1e-12, atol=1e-14)
        return environment


def test_a_window_slides_over_the_array() -> None:
    s = Windowed()
    s.out[s.h] = Sum(s.x[s.h + s.a] * s.w[s.a], s.a)
    environment = s.derived()
    x, w, out = (environment.array(name) for name in ("x", "w", "out"))
    np.testing.assert_allclose(out, np.correlate(x, w, "valid"), rtol=1e-13)
    np.testing.assert_allclose(environment.adjoint("x"), np.convolve(2 * out, w, "full"), rtol=1e-12)
    np.testing.assert_allclose(environment.adjoint("w"), np.correlate(x, 2 * out, "valid"), rtol=1e-12)


def test_the_order_in_which_indices_are_added_does_not_matter() -> None:
    s = Windowed()
    assert s.x[s.h + s.a] == s.x[s.a + s.h]


def test_windows_may_be_averaged_and_named_twice() -> None:
    s = Windowed()
    s.out[s.h] = Sum(s.x[s.h + s.a], s.a) * Sum(s.x[s.h + s.a] * s.w[s.a] ** 2, s.a)
    environment = s.derived()
    windows = np.lib.stride_tricks.sliding_window_view(environment.array("x"), len(environment.array("w")))
    expected = windows.sum(axis=1) * (windows @ environment.array("w") ** 2)
    np.testing.assert_allclose(environment.array("out"), expected, rtol=1e-13)


def test_the_numpy_source_of_windows_computes_their_gradients() -> None:
    s = Windowed()
    s.out[s.h] = Sum(s.x[s.h + s.a] * s.w[s.a], s.a)
    environment = s.derived()
    derivation = derive(s.model)
    x, w = environment.array("x"), environment.array("w")
    np.testing.assert_allclose(derivation.gradient("x").to_numpy()(x=x, w=w), environment.adjoint("x"), rtol=1e-12)
    np.testing.assert_allclose(derivation.gradient("w").to_numpy()(x=x, w=w), environment.adjoint("w"), rtol=1e-12)


def test_sums_of_indices_run_over_the_sizes_that_were_declared_for_them() -> None:
    s = Windowed()
    with pytest.raises(ModelError, match=r"a \+ h does not run over A\. Declare A = m\.reach\('A', \.\.\.\)"):
        s.w[s.h + s.a]
    with pytest.raises(ModelError, match=r"a \+ u does not run over H"):
        s.x[s.u + s.a]
    with pytest.raises(ModelError, match=r"a \+ 1 does not run over H"):
        s.x[s.a + 1]


def test_a_sum_of_indices_needs_an_index_of_its_own() -> None:
    m = Model("windowed")
    P, A = m.sizes(P="places", A="width")
    x = m.parameter("x", m.reach("H", P, A))
    h, a = m.indices(h=P, a=A)
    with pytest.raises(ModelError, match=r"a \+ h needs an index over H: declare one with m\.indices\."):
        x[h + a]


def test_sizes_that_follow_from_others_differ_from_them() -> None:
    model = MODELS["convolution"].build()
    sizes = prime_sizes(model)
    assert list(sizes) == list(model.size_notes)
    assert (sizes["H"], sizes["W"]) == (sizes["P"] + sizes["A"] - 1, sizes["Q"] + sizes["B"] - 1)
    assert len(set(sizes.values())) == len(sizes)


# Programs -------------------------------------------------------------------------------------------------------------


def test_program_computes_only_what_its_outputs_need_and_each_before_its_use() -> None:
    derivation = derive(MODELS["softmax-regression"].build())
    of_bias = program(derivation.model, quantities(derivation), ["dJ/db"])

    assert [assignment.name for assignment in of_bias.assignments] == ["z", "y_hat", "dJ/dz", "dJ/db"]
    assert of_bias.inputs == ("X", "Y", "W", "b")


def test_a_given_node_is_an_input_and_nothing_before_it_is_computed() -> None:
    derivation = derive(MODELS["softmax-regression"].build())
    from_logits = program(derivation.model, quantities(derivation), ["dJ/dz"], given=["z"])

    assert [assignment.name for assignment in from_logits.assignments] == ["y_hat", "dJ/dz"]
    assert from_logits.inputs == ("Y", "z")


def test_a_program_for_an_unknown_quantity_lists_the_known_ones() -> None:
    derivation = derive(MODELS["poisson"].build(), ["b"])
    with pytest.raises(UsageError, match=r"poisson has no dJ/dw\. It has z, L, J, .*dJ/dz, dJ/db\."):
        program(derivation.model, quantities(derivation), ["dJ/dw"])
