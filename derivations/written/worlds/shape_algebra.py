"""The shapes of sums and products of what has a shape; sizes that must be the same are joined."""

from __future__ import annotations

from ..faults import FitError, MeaningError
from ..meaning.known_names import WEIGHTS
from ..terms import Name, Product, Term, Terms, Transposed
from .sizes import Shape, Size


def entrywise(first: Shape, second: Shape, before: tuple[Term, ...] = (), after: Term | None = None) -> Shape:
    """The shape of a sum, a quotient or an entrywise product; of a sum with the terms before and after its sign."""
    free = union(first, second)
    one, two = first.axes, second.axes
    if first.special or second.special:
        return Shape(free, one or two, first.is_row or second.is_row, first.special if second.special else "")
    if len(one) == len(two):
        for a, b in zip(one, two, strict=True):
            a.join(b)
    elif len(one) == 2 and len(two) == 1:
        one[_bias_axis(before)].join(two[0])
    elif len(two) == 2 and len(one) == 1:
        two[_bias_axis((after,) if after else ())].join(one[0])
    elif one and two:
        raise FitError("an array with more than two axes")
    return Shape(free, one if len(one) >= len(two) else two, first.is_row or second.is_row)


def union(first: Shape, second: Shape) -> dict[str, Size]:
    """The free indices of both; those of the same letter number the same."""
    for letter in set(first.free) & set(second.free):
        first.free[letter].join(second.free[letter])
    return first.free | second.free


def multiplied(first: Shape, second: Shape) -> Shape:
    """The shape of a matrix product, an inner or outer product, or a number times anything."""
    free = union(first, second)
    one, two = first.axes, second.axes
    if first.special or second.special:
        return _special_product(first, second, free)
    if not one or not two:
        return Shape(free, one or two, first.is_row or second.is_row)
    if len(one) == len(two) == 1:
        if second.is_row and not first.is_row:
            return Shape(free, (one[0], two[0]))
        one[0].join(two[0])
        return Shape(free)
    if len(one) > 2 or len(two) > 2:
        raise FitError("an array with more than two axes")
    one[-1].join(two[0])
    axes = (*one[:-1], *two[1:])
    return Shape(free, axes, len(one) == 1)


def _special_product(first: Shape, second: Shape, free: dict[str, Size]) -> Shape:
    special, other = (first, second) if first.special else (second, first)
    if special.special == other.special == "ones" and first.is_row != second.is_row:
        raise MeaningError("the size of the vector of ones is open here")
    if special.special == "identity" or other.special or not other.axes:
        return Shape(free, other.axes, other.is_row or special.is_row, special.special if not other.axes else "")
    if len(other.axes) == 2:
        return Shape(free, (other.axes[1] if first.special else other.axes[0],), bool(first.special))
    if (second.special and other.is_row and not special.is_row) or (
        first.special and special.is_row and not other.is_row
    ):
        return Shape(free)
    if second.special and special.is_row:
        return Shape(free, (other.axes[0], Size()))
    if first.special and not special.is_row:
        # 1 b: the same row for every example.
        return Shape(free, (Size(), other.axes[0]))
    raise FitError("the size of the vector of ones is open here")


def _bias_axis(before: tuple[Term, ...]) -> int:
    """Where a bias meets a matrix: W X + b along the first axis, X W + b along the last."""
    for term in before:
        inner = term
        while isinstance(inner, Terms) and inner.terms:
            inner = inner.terms[0]
        if isinstance(inner, Product):
            first = inner.factors[0]
            transposed = isinstance(first, Transposed)
            first = first.body if isinstance(first, Transposed) else first
            if (
                isinstance(first, Name)
                and first.base in WEIGHTS
                and (first.base in {"W", "V", "U", "Theta", "w"} or transposed)
            ):
                return 0
    return 1
