"""Hygiene of bound indices, and the derivatives that SymPy alone gets wrong."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator

import pytest
import sympy
from sympy.core.parameters import distribute

from derivations.calculus import collapse, differentiate, rule_of_differentiation
from derivations.expressions import (
    At,
    Delta,
    Entry,
    Index,
    SumOver,
    avoid,
    canonical,
    free_indices,
    named_arrays,
    rename,
    size_of_tree,
)
from derivations.functions import ACTIVATIONS, exp, log, relu, sigmoid, step, tanh
from derivations.model import Model, Sum
from derivations.rewriting import hoist, match, rules_of, tidy

n, p, M = sympy.symbols("n p M", integer=True, positive=True)
i, i2, j, j2, m, m2 = (
    Index(letter, size) for letter, size in (("i", n), ("i'", n), ("j", p), ("j'", p), ("m", M), ("m'", M))
)


def entry(name: str, *indices: Index) -> Entry:
    return Entry(sympy.Symbol(name), *indices)


@pytest.fixture(autouse=True)
def _as_in_a_sweep() -> Iterator[None]:
    with distribute(False):
        yield


# Bound indices --------------------------------------------------------------------------------------------------------


def test_a_bound_index_with_the_targets_letter_is_not_captured() -> None:
    total = SumOver(entry("w", j) * entry("x", i, j), j)
    assert collapse(differentiate(total, entry("w", j))) == entry("x", i, j)


def test_a_square_of_a_sum_with_the_targets_letter_keeps_the_sum() -> None:
    total = SumOver(entry("w", j) * entry("x", i, j), j)
    expected = 2 * entry("x", i, j) * SumOver(entry("w", j2) * entry("x", i, j2), j2)
    assert canonical(collapse(differentiate(total**2, entry("w", j)))) == canonical(expected)


def test_a_nested_sum_of_the_same_letter_is_differentiated_at_both_levels() -> None:
    inner = SumOver(entry("w", j) * entry("x", i, j), j)
    nested = SumOver(entry("w", j) * tanh(inner), j)
    derivative = collapse(differentiate(nested, entry("w", j)))
    expected = tanh(inner) + SumOver(entry("w", j2) * entry("x", i, j) * (1 - tanh(inner) ** 2), j2)
    assert canonical(hoist(derivative)) == canonical(hoist(expected))


def test_log_sum_exp_has_the_softmax_as_its_derivative() -> None:
    value = log(SumOver(exp(entry("z", i, m)), m))
    derivative = collapse(differentiate(value, entry("z", i, m)))
    assert canonical(derivative) == canonical(exp(entry("z", i, m)) / SumOver(exp(entry("z", i, m2)), m2))


def test_a_trace_gives_the_identity() -> None:
    k, k2 = Index("k", p), Index("k'", p)
    trace = SumOver(entry("W", k, k), k)
    assert collapse(differentiate(trace, entry("W", j, k2))) == Delta(j, k2)


def test_a_derivative_is_zero_where_the_array_does_not_occur() -> None:
    assert differentiate(SumOver(entry("x", i, j) ** 2, i), entry("w", j)) == 0


def test_renaming_into_a_sum_moves_its_bound_index_aside() -> None:
    total = SumOver(entry("V", j, j2), j2)
    renamed = rename(total, {j: j2})
    assert free_indices(renamed) == {j2}
    assert canonical(renamed) == canonical(SumOver(entry("V", j2, j), j))
    assert canonical(renamed) != canonical(SumOver(entry("V", j2, j2), j2))


def test_an_idle_bound_index_does_not_fall_together_with_a_renamed_one() -> None:
    total = SumOver(entry("y", i2), i, i2)
    assert len(set(avoid(total, [i2]).indices)) == 2


def test_canonical_form_forgets_names_but_not_sizes() -> None:
    assert canonical(SumOver(entry("y", i), i)) == canonical(SumOver(entry("y", i2), i2))
    assert canonical(SumOver(entry("y", i), i)) != canonical(SumOver(entry("y", j), j))
    assert canonical(entry("y", i)) != canonical(entry("y", i2)), "free indices keep their names"


def test_canonical_form_forgets_the_order_of_sums_and_factors() -> None:
    a, b = entry("x", i, j), entry("V", j, j2)
    assert canonical(SumOver(a * b, i, j)) == canonical(SumOver(b * a, j, i))
    assert canonical(SumOver(SumOver(a * b, i), j)) == canonical(SumOver(a * b, j, i))


def test_canonical_form_tells_the_axes_of_an_array_apart() -> None:
    row, column = SumOver(entry("V", j, j2) * entry("w", j), j), SumOver(entry("V", j2, j) * entry("w", j), j)
    assert canonical(row) != canonical(column)


def test_first_and_last_term_differ_in_canonical_form() -> None:
    assert canonical(At(entry("y", i), i, 0)) != canonical(At(entry("y", i), i, -1))
    assert canonical(At(entry("y", i), i, 0)) == canonical(At(entry("y", i2), i2, 0))


def test_an_index_survives_copying_and_pickling() -> None:
    for again in (copy.deepcopy(i), pickle.loads(pickle.dumps(i))):
        assert again == i
        assert again.size == n


def test_adjoints_and_arrays_of_one_name_are_told_apart() -> None:
    derivative = Model.derivative(entry("z", i))
    assert named_arrays(derivative * entry("z", i)) == {"z", "dJ/dz"}


def test_sums_of_sums_are_one_sum() -> None:
    assert SumOver(SumOver(entry("x", i, j), j), i).indices == (i, j)
    assert SumOver(sympy.S.Zero, i) == 0


# Deltas ---------------------------------------------------------------------------------------------------------------


def test_a_delta_of_an_index_with_itself_is_one() -> None:
    assert Delta(i, i) == 1
    assert Delta(i, i2) == Delta(i2, i)


def test_a_delta_selects_one_term_of_its_sum() -> None:
    assert collapse(SumOver(Delta(m, m2) * entry("z", i, m2), m2)) == entry("z", i, m)


def test_a_delta_in_a_bracket_selects_in_its_own_term_only() -> None:
    bracket = SumOver((Delta(m, m2) - entry("s", m)) * entry("g", m2), m2)
    expected = entry("g", m) + SumOver(-entry("s", m) * entry("g", m2), m2)
    assert canonical(collapse(bracket)) == canonical(expected)


def test_a_delta_that_joins_free_indices_stays() -> None:
    assert collapse(Delta(m, m2) - entry("s", m)) == Delta(m, m2) - entry("s", m)


def test_two_deltas_chain() -> None:
    m3 = Index("m''", M)
    assert collapse(SumOver(Delta(m, m2) * Delta(m2, m3) * entry("s", m3), m2, m3)) == entry("s", m)


# Rules ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "rule"),
    [
        (entry("y", i) * exp(entry("z", i)), "derivative of exp"),
        (sigmoid(entry("z", i)), "derivative of sigmoid"),
        ((entry("y", i) - entry("z", i)) ** 2, "power rule"),
        (entry("z", i) * exp(entry("z", i)), "product rule"),
        (exp(entry("z", i)) / SumOver(exp(entry("z", i2)), i2), "quotient rule"),
        (entry("z", i) + exp(entry("z", i)), "sum rule"),
    ],
    ids=["exponential", "sigmoid", "power", "product", "quotient", "sum"],
)
def test_the_rule_is_named_as_in_a_calculus_course(expression: sympy.Expr, rule: str) -> None:
    assert rule_of_differentiation(expression, entry("z", i))[0] == rule


def test_constants_leave_the_sum_and_an_idle_index_leaves_its_size() -> None:
    assert hoist(SumOver(3 * entry("b") * entry("y", i), i)) == 3 * entry("b") * SumOver(entry("y", i), i)
    assert hoist(SumOver(entry("y", i), i, j)) == p * SumOver(entry("y", i), i)


def test_algebra_takes_the_minus_into_a_difference() -> None:
    y, z = entry("y", i), entry("z", i)
    assert tidy(-2 * (y - z) / n) == 2 * (z - y) / n


def test_algebra_cancels_the_sigmoid_derivative() -> None:
    y, a = entry("y", i), entry("a", i)
    assert tidy((-y / a + (1 - y) / (1 - a)) * a * (1 - a)) == a - y


def test_relu_needs_no_step_beside_it() -> None:
    z = entry("z", i)
    assert tidy(2 * relu(z) * step(z)) == 2 * relu(z)
    assert tidy(relu(entry("y", i)) * step(z)) == relu(entry("y", i)) * step(z), "another argument stays"


def test_a_definition_is_recognised_at_other_indices() -> None:
    pattern = exp(entry("z", i, m))
    assert match(pattern, exp(entry("z", i2, m2)), (i, m)) == {i: i2, m: m2}
    assert match(pattern, exp(entry("x", i2, m2)), (i, m)) is None
    assert match(entry("V", j, j), entry("V", j, j2), (j,)) is None, "one variable cannot be two indices"


def test_rows_of_probabilities_sum_to_one_only_over_their_last_axis() -> None:
    model = Model("rows", "Rows that sum to 1")
    a, c = model.sizes(a="samples", c="classes")
    r, k = model.indices(r=a, k=c)
    y = model.data("Y", a, c, domain="one-hot")
    rule = next(rule for rule in rules_of(model) if rule.name == "rows of Y sum to 1")
    assert rule.apply(SumOver(y[r, k], k)) == 1
    assert rule.apply(SumOver(y[r, k], r)) == SumOver(y[r, k], r)
    assert rule.apply(SumOver(y[r, k] ** 2, k)) == SumOver(y[r, k] ** 2, k)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_adjoint_costs_more_to_read_than_an_array(name: str) -> None:
    z = entry("z", i)
    assert size_of_tree(Model.derivative(z)) > size_of_tree(ACTIVATIONS[name](z)) > size_of_tree(z)


def test_sum_of_an_author_keeps_its_body() -> None:
    assert Sum(entry("x", i, j), j).body == entry("x", i, j)
