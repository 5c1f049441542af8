"""Values of written formulas: arrays with a named axis for each free index, and places for matrix and vector axes.

The product of two values is decided by their shapes, as a reader decides it. Sizes are distinct primes, so a product
that fits is the product that was meant.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..faults import FitError, MeaningError

AnyArray = NDArray[Any]

# Entries of the largest array that is computed. All derivatives of a matrix by a matrix are some 10,000.
MOST_ENTRIES = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """An array: first an axis for each free index, in the order of their names, then up to two of a matrix or vector.

    Attributes:
        axes: names of the free indices, sorted.
        is_row: of a vector, whether it is transposed.
        special: "ones" or "identity": of a size that what stands beside it decides.
    """

    array: AnyArray
    axes: tuple[str, ...] = ()
    is_row: bool = False
    special: str = ""

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape as matrix or vector, free indices left out."""
        return self.array.shape[len(self.axes) :]

    @property
    def rank(self) -> int:
        """0 of a scalar, 1 of a vector, 2 of a matrix."""
        return self.array.ndim - len(self.axes)

    @property
    def sizes(self) -> dict[str, int]:
        """How many values each free index takes."""
        return dict(zip(self.axes, self.array.shape, strict=False))


def number(value: float) -> Value:
    """A plain number."""
    return Value(np.asarray(float(value)))


def labelled(array: AnyArray, labels: tuple[str | None, ...]) -> Value:
    """An array whose axes carry these indices; None is an axis of a vector or matrix, a letter twice the diagonal."""
    names = tuple(sorted({label for label in labels if label is not None}))
    numbers = {name: place for place, name in enumerate(names)}
    source: list[int] = []
    plain: list[int] = []
    for label in labels:
        if label is None:
            source.append(len(names) + len(plain))
            plain.append(source[-1])
        else:
            source.append(numbers[label])
    for label in names:
        lengths = {array.shape[place] for place, other in enumerate(labels) if other == label}
        if len(lengths) > 1:
            raise FitError(f"the index {label} runs over two different sizes in one quantity")
    return Value(np.einsum(array, source, [*range(len(names)), *plain]), names)


def require_moderate(entries: int) -> None:
    """Before an array of so many entries is computed.

    Raises:
        MeaningError: they are too many.
    """
    if entries > MOST_ENTRIES:
        raise MeaningError("arrays of too many entries stand for it")


def spread(values: list[Value]) -> tuple[tuple[str, ...], list[AnyArray]]:
    """The arrays of values with the free indices of all of them, of length 1 where a value lacks one."""
    axes = tuple(sorted({name for value in values for name in value.axes}))
    sizes: dict[str, int] = {}
    for value in values:
        for name, size in value.sizes.items():
            if sizes.setdefault(name, size) != size:
                raise FitError(f"the index {name} runs over {sizes[name]} values in one place and {size} in another")
    require_moderate(prod(sizes.values()) * max(prod(value.shape) for value in values))
    arrays = [value.array.reshape([value.sizes.get(name, 1) for name in axes] + list(value.shape)) for value in values]
    return axes, arrays


def _fitted(first: AnyArray, second: AnyArray, axes: int) -> tuple[AnyArray, AnyArray]:
    """Vectors and matrices made to meet entry by entry: a vector along the axis of a matrix that has its length."""
    one, two = first.ndim - axes, second.ndim - axes
    if one in (two, 0) or two == 0:
        if one == two and first.shape[axes:] != second.shape[axes:]:
            shapes = first.shape[axes:], second.shape[axes:]
            if one == 2 and any(1 in shape for shape in shapes):
                return first, second
            raise FitError(f"shapes {shapes[0]} and {shapes[1]} do not fit")
        if one < two:
            first = first.reshape(first.shape + (1,) * two)
        elif two < one:
            second = second.reshape(second.shape + (1,) * one)
        return first, second
    if one > two:
        second, first = _fitted(second, first, axes)
        return first, second
    length, shape = first.shape[-1], second.shape[axes:]
    if length == shape[1]:
        return first.reshape(*first.shape[:-1], 1, length), second
    if length == shape[0]:
        return first.reshape(*first.shape, 1), second
    raise FitError(f"a vector of {length} entries does not fit a matrix of shape {shape}")


def entrywise(operation: Callable[[AnyArray, AnyArray], AnyArray], first: Value, second: Value) -> Value:
    """An operation entry by entry; a vector meets a matrix along the axis of its length."""
    if first.special or second.special:
        first, second = _sized(first, second), _sized(second, first)
    axes, (one, two) = spread([first, second])
    one, two = _fitted(one, two, len(axes))
    try:
        with np.errstate(all="ignore"):
            return Value(operation(one, two), axes, first.is_row or second.is_row)
    except ValueError as error:
        raise FitError(f"shapes {first.shape} and {second.shape} do not fit") from error


def _sized(value: Value, other: Value) -> Value:
    """Ones or the identity in the size of what they meet."""
    if not value.special:
        return value
    if other.special or not other.rank:
        if value.special in (other.special, "ones"):
            return Value(value.array, value.axes)
        raise FitError("the identity meets a number")
    scale = value.array.reshape(value.array.shape + (1,) * other.rank)
    if value.special == "ones":
        return Value(scale * np.ones(other.shape), value.axes, other.is_row)
    if other.rank != 2 or other.shape[0] != other.shape[1]:
        raise FitError(f"the identity does not fit the shape {other.shape}")
    return Value(scale * np.eye(other.shape[0]), value.axes)


def apply(function: Callable[[AnyArray], AnyArray], value: Value) -> Value:
    """A function on every entry."""
    with np.errstate(all="ignore"):
        return Value(function(value.array), value.axes, value.is_row, value.special)


def transpose(value: Value) -> Value:
    """The transpose; of a vector, a row for a column."""
    if value.rank == 2:
        return Value(np.swapaxes(value.array, -1, -2), value.axes)
    return Value(
        value.array, value.axes, not value.is_row if value.rank == 1 or value.special else False, value.special
    )


def multiply(first: Value, second: Value, *, prefer_entries: bool = False) -> Value:  # noqa: PLR0912
    """The product that the shapes allow: scalar, inner, outer or matrix product.

    Args:
        prefer_entries: two columns of one length meet entry by entry rather than in a sum.

    Raises:
        FitError: no product fits.
    """
    if first.special or second.special:
        return _with_special(first, second)
    if not first.rank or not second.rank:
        product = entrywise(np.multiply, first, second)
        return Value(product.array, product.axes, first.is_row or second.is_row)
    axes, (one, two) = spread([first, second])
    ranks = first.rank, second.rank
    if max(ranks) > 2:
        raise FitError("an array with more than two axes has no product here")
    if ranks == (1, 1):
        if second.is_row and not first.is_row:
            require_moderate(one.size * two.shape[-1])
            return Value(one[..., :, None] * two[..., None, :], axes)
        if first.shape != second.shape:
            if first.is_row == second.is_row:
                raise FitError(
                    f"vectors of {first.shape[0]} and {second.shape[0]} entries have no product without a transpose"
                )
            raise FitError(f"vectors of {first.shape[0]} and {second.shape[0]} entries have no inner product")
        if prefer_entries and first.is_row == second.is_row:
            return Value(one * two, axes, first.is_row)
        return Value((one * two).sum(axis=-1), axes)
    if ranks == (2, 1):
        if first.shape[1] == second.shape[0]:
            return Value((one * two[..., None, :]).sum(axis=-1), axes)
        if first.shape[1] == 1 and second.is_row:
            return Value(one * two[..., None, :], axes)
        raise FitError(f"shapes {first.shape} and {second.shape} have no product")
    if ranks == (1, 2):
        if first.shape[0] == second.shape[0]:
            return Value((one[..., :, None] * two).sum(axis=-2), axes, True)
        raise FitError(f"shapes {first.shape} and {second.shape} have no product")
    if first.shape[1] == second.shape[0]:
        return Value(np.matmul(one, two), axes)
    raise FitError(f"matrices of shapes {first.shape} and {second.shape} have no product")


def _with_special(first: Value, second: Value) -> Value:
    """A product with the vector of ones or with the identity."""
    if first.special and second.special:
        if "identity" in {first.special, second.special}:
            other = second if first.special == "identity" else first
            factor = first.array if first.special == "identity" else second.array
            return Value(other.array * factor, other.axes, other.is_row, other.special)
        raise FitError("the size of this product of ones is open")
    special, other = (first, second) if first.special else (second, first)
    if special.special == "identity":
        scaled = entrywise(np.multiply, Value(special.array, special.axes), other)
        if not other.rank:
            return Value(scaled.array, scaled.axes, special="identity")
        return Value(scaled.array, scaled.axes, other.is_row)
    if not other.rank:
        scaled = entrywise(np.multiply, Value(special.array, special.axes), other)
        return Value(scaled.array, scaled.axes, special.is_row, special="ones")
    factor = special.array
    if other.rank == 2:
        axis = -2 if first.special else -1
        return Value(other.array.sum(axis=axis) * factor, other.axes, bool(first.special))
    if first.special and special.is_row and not other.is_row:
        return Value(other.array.sum(axis=-1) * factor, other.axes)
    if second.special and other.is_row and not second.is_row:
        return Value(other.array.sum(axis=-1) * factor, other.axes)
    if second.special and second.is_row:
        # b 1^T: the same column as often as what stands beside it has columns.
        return Value(other.array[..., :, None] * factor, other.axes)
    if first.special and not first.is_row:
        return Value(other.array[..., None, :] * factor, other.axes)
    raise FitError("the size of the vector of ones is open here")


def total(value: Value, axis: str) -> Value:
    """The sum over a free index."""
    place = value.axes.index(axis)
    return Value(value.array.sum(axis=place), value.axes[:place] + value.axes[place + 1 :], value.is_row)


def renamed(value: Value, names: dict[str, str]) -> Value:
    """Free indices under other names."""
    labels: tuple[str | None, ...] = tuple(names.get(axis, axis) for axis in value.axes)
    out = labelled(value.array, labels + (None,) * value.rank)
    return Value(out.array, out.axes, value.is_row)


def take(value: Value, axis: str, place: int) -> Value:
    """One value of a free index, counted from 0."""
    number_ = value.axes.index(axis)
    if not 0 <= place < value.array.shape[number_]:
        raise FitError(f"there is no entry number {place + 1}")
    return Value(
        np.take(value.array, place, axis=number_), value.axes[:number_] + value.axes[number_ + 1 :], value.is_row
    )


def relative_difference(left: Value, right: Value) -> float:
    """max|left - right| / max(|left|, |right|), NaN counted as infinite.

    Raises:
        FitError: the two have different shapes.
    """
    if left.special or right.special:
        left, right = _sized(left, right), _sized(right, left)
    if left.rank != right.rank:
        if left.rank and right.rank and 1 in (*left.shape, *right.shape):
            left, right = _squeezed(left), _squeezed(right)
        if left.rank != right.rank:
            raise FitError(f"{_kind(left)} on the left, {_kind(right)} on the right")
    if left.shape != right.shape:
        raise FitError(f"the left side has the shape {left.shape}, the right side {right.shape}")
    _, (one, two) = spread([left, right])
    one, two = np.broadcast_arrays(one, two)
    with np.errstate(all="ignore"):
        if one.size == 0 or not (np.isfinite(one).all() and np.isfinite(two).all()):
            return float("nan")
        scale = max(float(np.abs(one).max()), float(np.abs(two).max()), 1e-6)
        return float(np.abs(one - two).max()) / scale


def _squeezed(value: Value) -> Value:
    kept = tuple(size for size in value.shape if size != 1)
    return Value(value.array.reshape(value.array.shape[: len(value.axes)] + kept), value.axes, value.is_row)


def _kind(value: Value) -> str:
    return ("a number", "a vector", "a matrix", "an array with three axes", "an array with four axes")[
        min(value.rank, 4)
    ]
