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
    assert set(sizes) <= set(PRIMES)
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
