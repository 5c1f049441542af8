"""A quantity where it stands in a formula: its array at the indices that are written there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..faults import FitError, IndexConflictError, MeaningError
from ..judging.manner import Flipped
from ..terms import Name, Term
from ..worlds.quantity import Quantity, assign_axes
from ..worlds.sizes import Size
from .indices import IndexedAxes, is_letter
from .spelling import spelled_key
from .stored import stored_value
from .values import Value, transpose

if TYPE_CHECKING:
    from .evaluation import Evaluation

# A quantity with more axes that no index names is no number, vector or matrix, nor the derivative of one by another.
MOST_AXES = 4


def quantity_value(evaluation: Evaluation, key: str, indices: tuple[Term, ...], *, columns: bool = False) -> Value:
    """A quantity at these indices; `columns`: the first one numbers columns."""
    quantity = evaluation.world.quantities.get(key)
    if quantity is None:
        raise MeaningError(f"nothing says what {spelled_key(key)} is")
    written = _assigned(evaluation, quantity, indices, columns=columns)
    stored = stored_value(evaluation, key)
    try:
        axes = _indexed_axes(evaluation, key, written, stored.axes)
    except IndexConflictError:
        if not evaluation.manner.any_number:
            raise
        return any_number(evaluation, key, indices)
    out = axes.of(evaluation, stored.array)
    if out.rank == 2 and is_flipped(evaluation, key):
        out = transpose(out)
    if axes.labels.count(None) > MOST_AXES:
        raise FitError("too many axes")
    return as_row(evaluation, out)


def _assigned(
    evaluation: Evaluation, quantity: Quantity, indices: tuple[Term, ...], *, columns: bool
) -> list[Term | str | None]:
    """What stands at each axis; an index more than there are axes may be left out."""
    try:
        return assign_axes(quantity, indices, columns=columns, examples=evaluation.examples)
    except FitError:
        if not evaluation.manner.opaque or len(indices) <= len(quantity.sizes):
            raise
        evaluation.notes.add("opaque")
        return list(indices[: len(quantity.sizes)])


def _indexed_axes(
    evaluation: Evaluation, key: str, written: list[Term | str | None], directions: tuple[str, ...]
) -> IndexedAxes:
    axes = IndexedAxes([*directions])
    for index, size in zip(written, evaluation.world.quantities[key].sizes, strict=True):
        if index is None or isinstance(index, str):
            axes.labels.append(index)
        elif is_letter(index, evaluation):
            axes.labels.append(_letter(evaluation, key, index, size))
        else:
            axes.take_entry(index, size)
    return axes


def _letter(evaluation: Evaluation, key: str, index: Name, size: Size) -> str | None:
    """The letter at an axis.

    Raises:
        IndexConflictError: it numbers something else.
    """
    elsewhere, here = evaluation.letters.get(index.base), size.root().value
    if elsewhere is None or here is None or elsewhere == here:
        return index.base
    if evaluation.manner.opaque:
        # x_im where m numbers something else: x_i is meant.
        evaluation.notes.add("opaque")
        return None
    raise IndexConflictError(
        f"the index {index.base} runs over {elsewhere} values elsewhere and over {here} in {spelled_key(key)}"
    )


def any_number(evaluation: Evaluation, key: str, indices: tuple[Term, ...]) -> Value:
    """An entry whose index does not fit: any number, but the same each time."""
    letters = sorted({i.base for i in indices if isinstance(i, Name) and i.base in evaluation.letters})
    generator = np.random.default_rng(sum(map(ord, key)))
    return Value(generator.normal(size=[evaluation.letters[letter] for letter in letters]), tuple(letters))


def is_flipped(evaluation: Evaluation, key: str) -> bool:
    """Is this matrix read with rows for columns?"""
    flipped = evaluation.world.flipped
    if flipped in {Flipped.NOTHING, Flipped.EVERYTHING}:
        return flipped is Flipped.EVERYTHING
    return (key in evaluation.world.parameters) == (flipped is Flipped.LEARNT)


def as_row(evaluation: Evaluation, value: Value) -> Value:
    """A vector as a row, where vectors are rows."""
    return Value(value.array, value.axes, True) if evaluation.manner.rows and value.rank == 1 else value
