"""Sums, products and maxima over indices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..faults import FitError, IndexConflictError, MeaningError
from ..renaming import summed_over_layers
from ..terms import Name, Number, Total
from .arithmetic import sum_of_entries
from .conditions import holds
from .values import AnyArray, Value, apply, entrywise

if TYPE_CHECKING:
    from .evaluation import Evaluation


def total_value(evaluation: Evaluation, term: Total) -> Value:
    """A sum, product or maximum over its indices, or over all entries where it names none."""
    by_layer = summed_over_layers(term, evaluation.world.symbols)
    if by_layer is not None:
        return evaluation.value(by_layer)
    inner = evaluation.inside()
    letters = term.letters
    end = _learn_range(evaluation, inner, term, letters)
    body = inner.value(term.body)
    if not letters:
        free = [axis for axis in body.axes if not axis.startswith("→")]
        if body.rank or term.indices or not free:
            # Of examples whose number stands nowhere, the sum of one.
            return sum_of_entries(body) if body.rank else body
        letters = [_only(free)]
    if term.but is not None:
        body = entrywise(np.multiply, body, holds(inner, term.but))
    for letter in letters:
        body = _over(term, body, letter, inner.letters.get(letter), end if len(letters) == 1 else None)
    return body


def _learn_range(evaluation: Evaluation, inner: Evaluation, term: Total, letters: list[str]) -> int | None:
    """The number at which a sum ends, if that is written; inside, the letters run from here on over what they index."""
    for letter in letters:
        inner.letters.pop(letter, None)
    inner.learn_letters(term.body, *([term.but] if term.but is not None else []))
    end = _end(evaluation, inner, term, letters)
    if end is not None and len(letters) == 1:
        inner.letters.setdefault(letters[0], end)
    return end


def _end(evaluation: Evaluation, inner: Evaluation, term: Total, letters: list[str]) -> int | None:
    end = term.end
    if end is None:
        return None
    if isinstance(end, Name) and letters:
        key = evaluation.world.symbols.resolve(end).key
        if key not in evaluation.world.sizes:
            if key in evaluation.letters and not evaluation.manner.any_number:
                raise IndexConflictError(f"the sum ends at {key}, which is an index itself")
            # A size that nothing names yet: the whole range is meant.
            whole = inner.letters.get(letters[0])
            return whole - 1 if whole and _start(term) == 0 else whole
    value = evaluation.value(end)
    return int(np.real(value.array)) if not value.axes and not value.rank else None


def _only(free: list[str]) -> str:
    if len(free) != 1:
        raise MeaningError("the sum does not say over which index")
    return free[0]


def _over(term: Total, body: Value, letter: str, size: int | None, end: int | None) -> Value:
    """The body summed over one letter, of which `size` is the number of values and `end` the last one written."""
    if letter not in body.axes:
        return _repeated(term, body, letter, end if end is not None else size)
    place = body.axes.index(letter)
    array = np.take(body.array, _range(term, letter, body.sizes[letter], end), axis=place)
    return _reduced(term.operator, Value(array, body.axes, body.is_row), place)


def _repeated(term: Total, body: Value, letter: str, times: int | None) -> Value:
    """What does not depend on the letter, as often as there are values of it."""
    if times is None:
        raise MeaningError(f"nothing in the sum over {letter} has this index, and nothing says how far it runs")
    if term.operator != "sum":
        return body
    start = max(_start(term), 1)
    return apply(lambda array: array * (times - start + 1), body)


def _start(term: Total) -> int:
    return int(term.start.value) if isinstance(term.start, Number) else 1


def _range(term: Total, letter: str, length: int, end: int | None) -> range:
    """The places along an axis that a sum runs over."""
    start = _start(term)
    if start == 0 and end is not None:
        start, end = 1, end + 1
    elif start == 1 and end == length - 1 and isinstance(term.end, Name):
        # theta_0 stands apart: the sum leaves it out.
        start, end = 2, length
    if end is not None and end > length:
        raise FitError(f"the sum runs to {end}, but {letter} has only {length} values")
    return range(max(start - 1, 0), end if end is not None else length)


def _reduced(operator: str, value: Value, place: int) -> Value:
    """The sum, product or maximum along one axis of a free index."""
    axes = value.axes[:place] + value.axes[place + 1 :]
    if operator == "prod":
        return Value(np.prod(value.array, axis=place), axes, value.is_row)
    if operator == "max":
        return Value(_maximum(value.array, place), axes)
    return Value(value.array.sum(axis=place), axes, value.is_row)


def _maximum(array: AnyArray, place: int) -> AnyArray:
    """The entry with the greatest real part: on a complex step, too, it is the same one."""
    chosen = np.argmax(np.real(array), axis=place)
    return np.take_along_axis(array, np.expand_dims(chosen, place), place).squeeze(place)
