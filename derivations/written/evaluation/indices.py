"""What an index takes: a letter names an axis, a number or data name one entry along it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, TypeGuard

import numpy as np

from ..faults import FitError, MeaningError
from ..meaning.known_names import require_transpose
from ..terms import Entries, Name, Number, Term
from ..worlds.sizes import Size
from .known_world import ITSELF
from .spelling import spelled
from .values import AnyArray, Value, entrywise, labelled, take, total

if TYPE_CHECKING:
    from .evaluation import Evaluation

_numbers = count()


def fresh_axis(mark: str = "~") -> str:
    """A name for an axis that no index of a document has."""
    return f"{mark}{next(_numbers)}"


@dataclass(slots=True)
class IndexedAxes:
    """What stands at the axes of an array.

    Attributes:
        labels: the letter of an axis, None of one of a vector or matrix.
        entries: axes of which one entry is taken, with its index, and the axis' size where it says how it is numbered.
    """

    labels: list[str | None] = field(default_factory=list)
    entries: list[tuple[str, Term, Size | None]] = field(default_factory=list)

    def take_entry(self, index: Term, size: Size | None = None) -> None:
        """Of the next axis one entry."""
        axis = fresh_axis()
        self.labels.append(axis)
        self.entries.append((axis, index, size))

    def of(self, evaluation: Evaluation, array: AnyArray) -> Value:
        """The array with these labels, and without the axes of which an entry is taken."""
        out = labelled(array, tuple(self.labels))
        for axis, index, size in self.entries:
            first = 0 if size is not None and size.root().from_zero else 1
            out = _entry(evaluation, out, axis, index, first)
        return out


def is_letter(index: Term | str | None, evaluation: Evaluation) -> TypeGuard[Name]:
    """Does an index run over an axis, unlike a number or y in z_{y_i}?"""
    return isinstance(index, Name) and not _is_data(evaluation, index)


def _is_data(evaluation: Evaluation, index: Name) -> bool:
    if index.sub:
        return True
    key = evaluation.world.symbols.resolve(index).key
    quantity = evaluation.world.quantities.get(key)
    return index.base not in evaluation.letters and quantity is not None and (quantity.is_label or _is_one_hot(key))


def _is_one_hot(key: str) -> bool:
    return key[0] in {"y", "t", "c", "Y", "T"}


def entries_value(evaluation: Evaluation, term: Entries) -> Value:
    """Entries of something in brackets: (W^T x)_i."""
    require_transpose(term, evaluation.world.symbols)
    return indexed(evaluation, evaluation.value(term.body), term.indices)


def indexed(evaluation: Evaluation, value: Value, indices: tuple[Term, ...]) -> Value:
    """Entries of a vector or matrix by its axes from the first."""
    if not indices or not value.rank:
        return value
    if len(indices) > value.rank:
        raise FitError("there are more indices than axes")
    axes = IndexedAxes([*value.axes])
    for index, size in zip(indices, value.shape, strict=False):
        if not is_letter(index, evaluation):
            axes.take_entry(index)
            continue
        axes.labels.append(index.base)
        if evaluation.letters.setdefault(index.base, size) != size:
            raise FitError(f"the index {index.base} does not run over this axis")
    axes.labels += [None] * (value.rank - len(indices))
    out = axes.of(evaluation, value.array)
    return Value(out.array, out.axes, value.is_row)


def _entry(evaluation: Evaluation, value: Value, axis: str, index: Term, first: int) -> Value:
    """One entry along an axis whose first is numbered 0 or 1: a fixed one, or one that data names."""
    if isinstance(index, Number):
        return take(value, axis, int(index.value) - first)
    size = value.sizes[axis]
    place = _place(evaluation, index, size) if isinstance(index, Name) else evaluation.value(index)
    one_hot = (place.array[..., None] == np.arange(1, size + 1)) * 1.0
    selector = labelled(one_hot, (*place.axes, axis))
    return total(entrywise(np.multiply, value, selector), axis)


def _place(evaluation: Evaluation, index: Name, size: int) -> Value:
    """The number of an entry that data names; of one-hot rows, the place of the 1."""
    symbol = evaluation.world.symbols.resolve(index)
    if symbol.key not in evaluation.world.quantities:
        raise MeaningError(f"nothing says what {spelled(index)} is")
    value = evaluation.value(Name(ITSELF, accent=symbol.key, sub=symbol.indices))
    if value.rank == 1 and value.shape[0] == size:
        return place_of_one(value)
    if value.rank:
        raise FitError(f"{spelled(index)} is no number of an entry")
    return Value(np.real(value.array), value.axes)


def place_of_one(one_hot: Value) -> Value:
    """The number of the entry that is 1."""
    return Value(np.argmax(np.real(one_hot.array), axis=-1) + 1.0, one_hot.axes)
