"""Laws that hold for every expression, tried on random ones: renaming, canonical form, derivative, source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy.core.parameters import distribute

from derivations.calculus import collapse, differentiate
from derivations.evaluation import Environment, Labelled, label, relative_difference
from derivations.expressions import (
    Binder,
    Delta,
    Entry,
    Index,
    Partial,
    SumOver,
    avoid,
    canonical,
    free_indices,
    fresh,
    rename,
)
from derivations.functions import absolute, sigmoid, softplus, tanh
from derivations.model import Model
from derivations.numpy_source import function_source
from derivations.program import Assignment, Program
from derivations.rewriting import hoist, tidy

MODEL = Model("laws", "Arrays for random expressions")
n, p = MODEL.sizes(n="samples", p="features")
MODEL.data("x", n, p)
MODEL.data("y", n)
MODEL.data("V", p, p)
MODEL.parameter("w", p)
MODEL.constant("c")
SIZES = {"n": 3, "p": 4}
SHAPES = {"x": ("n", "p"), "y": ("n",), "V": ("p", "p"), "w": ("p",), "c": ()}
GENERATOR = np.random.default_rng(0)
ENVIRONMENT = Environment(
    MODEL, SIZES, {name: GENERATOR.uniform(0.3, 1.2, [SIZES[s] for s in shape]) for name, shape in SHAPES.items()}
)
INDICES = {"n": [Index("i", n), Index("i'", n), Index("k", n)], "p": [Index("j", p), Index("j'", p), Index("l", p)]}
ALL = [index for indices in INDICES.values() for index in indices]
EXAMPLES = settings(max_examples=30, deadline=None, derandomize=True)


def entries() -> st.SearchStrategy[sympy.Expr]:
    """One entry of one of the arrays, an index perhaps twice."""
    return st.sampled_from(list(SHAPES)).flatmap(
        lambda name: st.tuples(*(st.sampled_from(INDICES[size]) for size in SHAPES[name])).map(
            lambda indices: Entry(sympy.Symbol(name), *indices)
        )
    )


def deltas() -> st.SearchStrategy[sympy.Expr]:
    """A delta of two indices of the same size."""
    return st.sampled_from(list(INDICES.values())).flatmap(
        lambda indices: st.tuples(st.sampled_from(indices), st.sampled_from(indices)).map(lambda pair: Delta(*pair))
    )


def larger(parts: st.SearchStrategy[sympy.Expr]) -> st.SearchStrategy[sympy.Expr]:
    """A sum, product, square, function or sum over indices of smaller expressions."""
    pairs = st.tuples(parts, parts)
    return st.one_of(
        pairs.map(lambda pair: sympy.Add(*pair)),
        pairs.map(lambda pair: sympy.Mul(*pair)),
        pairs.map(lambda pair: pair[0] / (3 + pair[1] ** 2)),
        parts.map(lambda part: part**2),
        parts.map(lambda part: -2 * part / n),
        st.tuples(st.sampled_from([tanh, sigmoid, softplus]), parts).map(lambda pair: pair[0](pair[1])),
        st.tuples(parts, st.sampled_from(ALL)).map(lambda pair: summed(*pair)),
        st.tuples(parts, st.sampled_from(INDICES["n"]), st.sampled_from(INDICES["p"])).map(
            lambda parts: summed(*parts)
        ),
    )


def summed(body: sympy.Expr, *indices: Index) -> sympy.Expr:
    """The sum over those of the indices that the body has, as an author would write it."""
    return SumOver(body, *(index for index in indices if index in free_indices(body)))


def expressions(*leaves: st.SearchStrategy[sympy.Expr]) -> st.SearchStrategy[sympy.Expr]:
    """Random expressions of up to a dozen leaves."""
    numbers = st.sampled_from([sympy.Integer(1), sympy.Integer(2), sympy.Rational(1, 3)])
    return st.recursive(st.one_of(entries(), numbers, *leaves), larger, max_leaves=8)


def value(expression: sympy.Expr) -> Labelled:
    return ENVIRONMENT.evaluate(expression)


def same_value(left: sympy.Expr, right: sympy.Expr) -> bool:
    return equal(value(left), value(right))


def equal(left: Labelled, right: Labelled) -> bool:
    # Where terms cancel to 0, what rounding leaves is compared with 1.
    axes = sorted({*left.axes, *right.axes}, key=lambda index: (index.name, index.size.name))
    shape = [SIZES[index.size.name] for index in axes]
    both = [np.broadcast_to(_with_axes(side, axes), shape) for side in (left, right)]
    return bool(np.allclose(*both, rtol=1e-9, atol=1e-10))


def _with_axes(labelled: Labelled, axes: list[Index]) -> Any:
    lengths = dict(zip(labelled.axes, labelled.array.shape, strict=True))
    return labelled.array.reshape([lengths.get(index, 1) for index in axes])


def bound_indices(expression: sympy.Expr) -> set[Index]:
    return {index for binder in expression.atoms(Binder) for index in binder.indices}


@pytest.fixture(autouse=True)
def _as_in_a_sweep() -> Any:
    with distribute(False):
        yield


@EXAMPLES
@given(expressions(deltas()), st.sampled_from(list(INDICES.values())), st.permutations(range(3)))
def test_renaming_an_index_renames_an_axis_and_captures_nothing(
    expression: sympy.Expr, indices: list[Index], order: list[int]
) -> None:
    old, new = indices[order[0]], indices[order[1]]
    inside = expression * Entry(sympy.Symbol("y" if old.size == n else "w"), old)
    total = summed(inside, new)  # the new name is bound where the old one is free
    before = value(total)
    renamed = label(before.array, tuple(new if index == old else index for index in before.axes))

    assert equal(value(rename(total, {old: new})), renamed)


@EXAMPLES
@given(expressions(deltas()), st.sampled_from(list(INDICES.values())))
def test_two_indices_swap_names_at_once(expression: sympy.Expr, indices: list[Index]) -> None:
    first, second, _ = indices
    names = {first: second, second: first}
    before = value(expression)
    renamed = label(before.array, tuple(names.get(index, index) for index in before.axes))

    assert equal(value(rename(expression, names)), renamed)
    assert canonical(rename(rename(expression, names), names)) == canonical(expression)


@EXAMPLES
@given(expressions(deltas()), st.sets(st.sampled_from(ALL)))
def test_avoiding_names_frees_them_and_changes_no_value(expression: sympy.Expr, taken: set[Index]) -> None:
    avoided = avoid(expression, taken)

    assert not bound_indices(avoided) & taken
    assert same_value(avoided, expression)
    assert canonical(avoided) == canonical(expression)


@EXAMPLES
@given(expressions(deltas()))
def test_canonical_form_keeps_the_value_and_is_its_own(expression: sympy.Expr) -> None:
    form = canonical(expression)

    assert same_value(form, expression)
    assert canonical(form) == form


@EXAMPLES
@given(larger(expressions()), st.sampled_from(["w", "y", "x"]), st.data())
def test_derivative_is_what_the_complex_step_measures(expression: sympy.Expr, name: str, data: st.DataObject) -> None:
    indices = [data.draw(st.sampled_from(INDICES[size])) for size in SHAPES[name]]
    target = Entry(sympy.Symbol(name), *indices)
    assume(not isinstance(expression, Entry))  # the derivative of a bare entry is by its definition
    measured = value(Partial(expression, target))
    derived = differentiate(expression, target)

    assert equal(value(derived), measured)
    assert equal(value(collapse(derived)), measured)


@pytest.mark.parametrize("rewrite", [hoist, tidy], ids=["constants out of sums", "algebra"])
@EXAMPLES
@given(expression=expressions(deltas()))
def test_rewriting_changes_no_value(rewrite: Callable[[sympy.Expr], sympy.Expr], expression: sympy.Expr) -> None:
    assert same_value(rewrite(expression), expression)


@EXAMPLES
@given(expressions(deltas(), entries().map(absolute)), st.randoms(use_true_random=False))
def test_numpy_source_computes_what_the_expression_says(expression: sympy.Expr, random: Any) -> None:
    expected = value(expression)
    indices = list(expected.axes)
    random.shuffle(indices)
    source = function_source(
        Program(MODEL, tuple(SHAPES), (Assignment("result", tuple(indices), expression),), ("result",)),
        "compute",
        tuple(SHAPES),
    )
    namespace: dict[str, Any] = {"np": np}
    exec(source, namespace)
    computed = namespace["compute"](*(ENVIRONMENT.array(name) for name in SHAPES))

    assert np.shape(computed) == tuple(SIZES[index.size.name] for index in indices), source
    assert equal(label(np.asarray(computed), tuple(indices)), expected), source


def test_a_difference_of_one_in_a_thousand_is_seen() -> None:
    w = Entry(sympy.Symbol("w"), INDICES["p"][0])
    assert relative_difference(value(w), value(sympy.Rational(1001, 1000) * w)) == pytest.approx(1e-3, rel=1e-2)
    assert not same_value(w, sympy.Rational(1001, 1000) * w)


def test_fresh_index_keeps_its_size_and_takes_no_taken_name() -> None:
    i, other = INDICES["n"][0], Index("i'", p)
    new = fresh(i, [i, other])
    assert (new.name, new.size) == ("i''", n)
