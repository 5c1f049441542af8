"""Numbers, sums of terms, fractions, transposes and norms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..faults import MeaningError
from ..terms import Dots, Grid, Negative, Norm, Number, Quotient, Terms, Transposed
from .functions import ELEMENTWISE
from .values import Value, apply, entrywise, number, transpose

if TYPE_CHECKING:
    from .evaluation import Evaluation


def number_value(_: Evaluation, term: Number) -> Value:
    """A number as typed."""
    return number(term.value)


def terms_value(evaluation: Evaluation, term: Terms) -> Value:
    """A sum of terms."""
    out = evaluation.value(term.terms[0])
    for part in term.terms[1:]:
        out = entrywise(np.add, out, evaluation.value(part))
    return out


def negative_value(evaluation: Evaluation, term: Negative) -> Value:
    """Minus something."""
    return apply(np.negative, evaluation.value(term.body))


def quotient_value(evaluation: Evaluation, term: Quotient) -> Value:
    """A fraction, entry by entry."""
    above, below = evaluation.value(term.above), evaluation.value(term.below)
    return entrywise(np.divide, above, below)


def transposed_value(evaluation: Evaluation, term: Transposed) -> Value:
    """The transpose."""
    return transpose(evaluation.value(term.body))


def norm_value(evaluation: Evaluation, term: Norm) -> Value:
    """The norm of a vector or matrix, the absolute value of a number."""
    value = evaluation.value(term.body)
    if not value.rank:
        return apply(ELEMENTWISE["abs"], value)
    if term.order == "1":
        return sum_of_entries(Value(ELEMENTWISE["abs"](value.array), value.axes))
    squares = sum_of_entries(Value(value.array * value.array, value.axes))
    return Value(ELEMENTWISE["sqrt"](squares.array), value.axes)


def sum_of_entries(value: Value) -> Value:
    """All entries of a vector or matrix summed; free indices stay."""
    return Value(value.array.sum(axis=tuple(range(len(value.axes), value.array.ndim))), value.axes)


def grid_value(_: Evaluation, term: Grid) -> Value:
    """Not checked."""
    raise MeaningError("a matrix written entry by entry is not checked")


def dots_value(_: Evaluation, term: Dots) -> Value:
    """Not checked."""
    raise MeaningError("an ellipsis leaves open what stands there")
