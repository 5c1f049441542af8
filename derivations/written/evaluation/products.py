"""Products: factor by factor as their signs and shapes say, over repeated indices, and along a chain rule."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from ..faults import FitError
from ..terms import Derivative, Name, Product, Term, Times
from .derivatives import plain_derivative
from .values import Value, apply, entrywise, multiply, spread, total

if TYPE_CHECKING:
    from .evaluation import Evaluation


def product_value(evaluation: Evaluation, term: Product) -> Value:
    """A product of factors."""
    if evaluation.manner.sums and (letters := evaluation.manner.sums & _repeated(term)):
        return _summed_over(evaluation, term, letters)
    if (joined := _chain(evaluation, term)) is not None:
        return joined
    parts = [_group_value(evaluation, group) for group in _groups(evaluation, term)]
    out = parts[0]
    for part in parts[1:]:
        out = entrywise(np.multiply, out, part)
    return out


def multiplied(evaluation: Evaluation, first: Value, second: Value, sign: Times = Times.JUXTAPOSED) -> Value:
    """The product that shapes allow; with a dot or a star, or where `entries` is the manner, one of entries, too."""
    entries = evaluation.manner.entries
    if sign is Times.OUTER and first.rank == second.rank == 2:
        return _kronecker(first, second)
    if first.rank == second.rank == 1:
        evaluation.notes.add("columns")
    try:
        return multiply(first, second, prefer_entries=entries)
    except FitError:
        # A dot or a star between arrays of one shape is a product of entries.
        fits = first.rank == second.rank and first.shape == second.shape
        if fits and (sign in {Times.DOT, Times.STAR} or entries):
            return entrywise(np.multiply, first, second)
        if entries and {first.rank, second.rank} == {1, 2} and not (first.is_row or second.is_row):
            return entrywise(np.multiply, first, second)
        raise


def _kronecker(first: Value, second: Value) -> Value:
    if first.axes or second.axes:
        raise FitError("a Kronecker product of matrices for every index is not read")
    return Value(np.kron(first.array, second.array))


def _groups(evaluation: Evaluation, term: Product) -> list[list[tuple[Times, Value]]]:
    """The factors with the sign before each, parted where entries meet entries."""
    groups: list[list[tuple[Times, Value]]] = [[]]
    for sign, factor in zip((Times.JUXTAPOSED, *term.signs), term.factors, strict=True):
        value = evaluation.value(factor)
        if sign is Times.OUTER and value.rank == 1:
            value = Value(value.array, value.axes, True)
        if sign is Times.DIVIDED:
            value = apply(np.reciprocal, value)
        if sign.is_elementwise:
            groups.append([])
        groups[-1].append((sign, value))
    return groups


def _group_value(evaluation: Evaluation, group: list[tuple[Times, Value]]) -> Value:
    group = _summed_by_ones(evaluation, group)
    out = group[0][1]
    for sign, value in group[1:]:
        out = multiplied(evaluation, out, value, sign)
    return out


def _summed_by_ones(evaluation: Evaluation, group: list[tuple[Times, Value]]) -> list[tuple[Times, Value]]:
    """p 1^T y as p (1^T y): only together with what comes next have ones a size."""
    out = group[:1]
    for sign, value in group[1:]:
        before_sign, before = out[-1]
        is_sum = before.special == "ones" and before.is_row and value.rank and not value.is_row
        if is_sum and len(out) > 1:
            out[-1] = before_sign, multiplied(evaluation, before, value, sign)
        else:
            out.append((sign, value))
    return out


def _summed_over(evaluation: Evaluation, term: Product, letters: frozenset[str]) -> Value:
    """The product summed over these indices, without a sign of summation."""
    manner = replace(evaluation.manner, sums=evaluation.manner.sums - letters)
    out = evaluation.inside(manner).value(term)
    for letter in letters:
        out = total(out, letter) if letter in out.axes else out
    return out


def _repeated(term: Product) -> frozenset[str]:
    """Letters that index more than one factor of a product."""
    seen: dict[str, int] = {}
    for factor in term.factors:
        for letter in _index_letters(factor):
            seen[letter] = seen.get(letter, 0) + 1
    return frozenset(letter for letter, times in seen.items() if times > 1)


def _index_letters(factor: Term) -> set[str]:
    names = [part for part in factor.walk() if isinstance(part, Name)]
    return {index.base for name in names for index in name.children if isinstance(index, Name)}


def _chain(evaluation: Evaluation, term: Product) -> Value | None:
    """A chain rule whose factors are joined over all entries of what stands between them: dA/dB dB/dC."""
    if not any(isinstance(factor, Derivative) for factor in term.factors):
        return None
    betweens = [_between(one, two) for one, two in pairwise(term.factors)]
    if not any(betweens):
        return None
    evaluation.notes.add("chain")
    if not evaluation.manner.contract:
        return None
    values = [
        plain_derivative(evaluation, factor) if isinstance(factor, Derivative) else evaluation.value(factor)
        for factor in term.factors
    ]
    out = values[0]
    for between, value in zip(betweens, values[1:], strict=True):
        if between is None:
            out = multiply(out, value)
            continue
        joined = _joined(out, value, evaluation.value(between).rank)
        if joined is None:
            return None
        out = joined
    return out


def _between(one: Term, two: Term) -> Term | None:
    """B of dA/dB dB/dC."""
    if isinstance(one, Derivative) and isinstance(two, Derivative) and one.by == (two.of,):
        return two.of
    return None


def _joined(first: Value, second: Value, rank: int) -> Value | None:
    """A product summed over the last `rank` axes of one and the first of the other; None where these do not fit."""
    axes, (one, two) = spread([first, second])
    free, end = len(axes), len(axes) + first.rank
    if one.shape[one.ndim - rank :] != two.shape[free : free + rank]:
        return None
    sizes = np.broadcast_shapes(one.shape[:free], two.shape[:free])
    one = np.broadcast_to(one, (*sizes, *one.shape[free:]))
    two = np.broadcast_to(two, (*sizes, *two.shape[free:]))
    left = [*range(end)]
    right = [*range(free), *range(end - rank, end + second.rank - rank)]
    return Value(np.einsum(one, left, two, right, [*left[: end - rank], *right[free + rank :]]), axes)
