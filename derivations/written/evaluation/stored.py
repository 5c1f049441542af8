"""The arrays of quantities: as the world holds them, varied by a derivative, or computed from their definitions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..faults import MeaningError
from ..judging.manner import Flipped, Manner
from ..worlds.quantity import Definition, Quantity
from .known_world import dependencies
from .spelling import spelled_key
from .values import Value

if TYPE_CHECKING:
    from .evaluation import Evaluation


def stored_value(evaluation: Evaluation, key: str) -> Value:
    """A quantity's array, its own axes last, after the axes of directions that reach it."""
    if key in evaluation.changed:
        return evaluation.changed[key]
    definition = evaluation.through.get(key) or evaluation.world.definitions.get(key)
    if evaluation.changed and definition is not None and _depends_on_varied(evaluation, key):
        evaluation.changed[key] = definition_value(evaluation, definition)
        return evaluation.changed[key]
    if key not in evaluation.world.arrays:
        raise MeaningError(f"nothing says what {spelled_key(key)} is")
    return Value(evaluation.world.arrays[key])


def _depends_on_varied(evaluation: Evaluation, key: str) -> bool:
    return bool(dependencies(evaluation.world, key, evaluation.through) & {k for k in evaluation.changed if k != key})


def definition_value(evaluation: Evaluation, definition: Definition) -> Value:
    """A definition's right side, its axes in the quantity's order."""
    inner = evaluation.inside(Manner(), replace(evaluation.world, flipped=Flipped.NOTHING))
    quantity = evaluation.world.quantities[definition.key]
    inner.bound = {}
    inner.letters = {
        letter: length
        for letter, size in zip(quantity.letters, quantity.sizes, strict=True)
        if letter and (length := size.root().value)
    }
    inner.learn_letters(definition.body)
    value = inner.value(definition.body)
    letters = [letter for letter in quantity.letters if letter]
    if value.rank and len(letters) == len(quantity.sizes) and set(value.shape) == {1}:
        value = Value(value.array.reshape(value.array.shape[: len(value.axes)]), value.axes)
    return with_own_axes(value, letters, quantity)


def with_own_axes(value: Value, letters: list[str], quantity: Quantity | None) -> Value:
    """A value with the axes of these letters as its first own axes, directions left as they are."""
    directions = [axis for axis in value.axes if axis not in letters]
    present = [letter for letter in letters if letter in value.axes]
    order = [value.axes.index(axis) for axis in (*directions, *present)]
    array = np.transpose(value.array, [*order, *range(len(value.axes), value.array.ndim)])
    if quantity is not None and len(present) < len(letters):
        # The right side is the same for all values of an index.
        sizes = {letter: size.root().value or 1 for letter, size in zip(quantity.letters, quantity.sizes, strict=True)}
        before, after = array.shape[: len(directions)], array.shape[len(value.axes) :]
        array = array.reshape([*before, *(sizes[letter] if letter in present else 1 for letter in letters), *after])
        array = np.broadcast_to(array, [*before, *(sizes[letter] for letter in letters), *after])
    return Value(array, tuple(directions), value.is_row)
