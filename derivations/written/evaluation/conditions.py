"""Conditions as 1 and 0: cases, indicators, what a sum leaves out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from ..faults import MeaningError
from ..terms import Cases, Condition, Indicator, Name, Term
from .indices import place_of_one
from .quantities import quantity_value
from .values import AnyArray, Value, entrywise, labelled, number

if TYPE_CHECKING:
    from .evaluation import Evaluation

_COMPARISONS: dict[str, Callable[[AnyArray, AnyArray], AnyArray]] = {
    "=": lambda a, b: np.abs(a - b) < 1e-9, "ne": lambda a, b: np.abs(a - b) >= 1e-9, "<": np.less, ">": np.greater,
    "le": np.less_equal, "ge": np.greater_equal,
}  # fmt: skip


def holds(evaluation: Evaluation, condition: Condition) -> Value:
    """1 where the condition holds, else 0."""
    if condition.left is None or condition.right is None:
        raise MeaningError("this condition is only words")
    _same_range(evaluation, condition.left, condition.right)
    left = _side(evaluation, condition.left, condition.right)
    right = _side(evaluation, condition.right, condition.left)
    compare = _COMPARISONS.get(condition.sign)
    if compare is None:
        raise MeaningError(f"a condition with {condition.sign} is not read")
    out = entrywise(lambda a, b: compare(np.real(a), np.real(b)) * 1.0, left, right)
    if condition.also is not None:
        out = entrywise(np.multiply, out, holds(evaluation, condition.also))
    return out


def _same_range(evaluation: Evaluation, left: Term, right: Term) -> None:
    """i in delta_ii' runs over what i' runs over, where nothing else says it."""
    if isinstance(left, Name) and isinstance(right, Name):
        letters = evaluation.letters
        for one, other in ((left, right), (right, left)):
            unknown = one.base not in letters and not one.sub and one.base not in evaluation.world.quantities
            if unknown and other.base in letters and not other.sub:
                letters[one.base] = letters[other.base]


def _side(evaluation: Evaluation, side: Term, other: Term) -> Value:
    """A side of a condition: an index as a number, a label, or any term."""
    if not isinstance(side, Name):
        return evaluation.value(side)
    letters = evaluation.letters
    symbol = evaluation.world.symbols.resolve(side)
    if not symbol.indices and side.base in letters and symbol.key == side.base:
        return labelled(np.arange(1.0, letters[side.base] + 1), (side.base,))
    quantity = evaluation.world.quantities.get(symbol.key)
    if quantity is None or quantity.is_label or not isinstance(other, Name) or other.base not in letters:
        return evaluation.value(side)
    value = quantity_value(evaluation, symbol.key, symbol.indices)
    # k = y of a one-hot y: which entry is 1.
    return place_of_one(value) if value.rank == 1 and value.shape[0] == letters[other.base] else value


def indicator_value(evaluation: Evaluation, term: Indicator) -> Value:
    """1 where the condition holds, else 0."""
    return holds(evaluation, term.condition)


def cases_value(evaluation: Evaluation, term: Cases) -> Value:
    """The value of the first case that holds, 0 where none does."""
    out: Value | None = None
    left = number(1.0)
    for value, condition in term.branches:
        here = left
        if condition is not None and condition.left is not None:
            here = entrywise(np.multiply, left, holds(evaluation, condition))
        part = _where(here, evaluation.value(value))
        out = part if out is None else entrywise(np.add, out, part)
        left = entrywise(np.subtract, left, here)
    return out if out is not None else number(0.0)


def _where(here: Value, value: Value) -> Value:
    return entrywise(lambda a, b: np.where(np.real(a) > 0.5, b, 0.0), here, value)
