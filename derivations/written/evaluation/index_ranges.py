"""How many values each index of a term takes: as many as the axes of the quantities that it stands on."""

from __future__ import annotations

from collections.abc import Iterator

from ..faults import MeaningError
from ..meaning.symbols import Symbol
from ..terms import Name, Term, Total
from ..worlds.quantity import assign_axes
from .known_world import World, without_example


def index_ranges(world: World, term: Term, *, by_example: bool) -> dict[str, int]:
    """The number of values of each free index, as its first place says it; computed once a part of a term."""
    place = id(term), by_example
    known = world.letters.get(place)
    if known is None:
        # The term is kept beside its letters, so that no other can take its place in memory.
        known = world.letters[place] = term, _ranges_in(world, term, by_example=by_example)
    return known[1]


def _ranges_in(world: World, term: Term, *, by_example: bool) -> dict[str, int]:
    ranges: dict[str, int] = {}
    if isinstance(term, Name):
        try:
            symbol = world.symbols.resolve(without_example(world, term))
        except MeaningError:
            return ranges
        for letter, size in _ranges_of_axes(world, symbol, world.examples if by_example else frozenset()):
            ranges.setdefault(letter, size)
    for child in term.children:
        for letter, size in index_ranges(world, child, by_example=by_example).items():
            ranges.setdefault(letter, size)
    if isinstance(term, Total):
        for letter in term.letters:
            ranges.pop(letter, None)
    return ranges


def _ranges_of_axes(world: World, symbol: Symbol, examples: frozenset[str]) -> Iterator[tuple[str, int]]:
    """Of a quantity at its indices, each letter with the size of its axis."""
    quantity = world.quantities.get(symbol.key)
    if quantity is None:
        return
    try:
        axes = assign_axes(quantity, symbol.indices, columns=symbol.columns, examples=examples)
    except MeaningError:
        return
    for axis, index in zip(quantity.sizes, axes, strict=False):
        size = axis.root().value
        if size is None:
            continue
        if isinstance(index, str):
            yield index, size
        elif isinstance(index, Name) and not index.sub and not _is_label(world, index):
            yield index.base, size


def _is_label(world: World, index: Name) -> bool:
    """Is this index data, as y in z_y?"""
    quantity = world.quantities.get(world.symbols.resolve(index).key)
    return quantity is not None and quantity.is_label
