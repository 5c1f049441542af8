"""Small changes of a term: each undoes one mistake that people make, and carries that mistake's code.

An edit stands for the mistake it undoes: where leaving out a sum makes an equality right, a sum too many was the
mistake. Edits are tried in the order of their cost, the likeliest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

from ..terms import (
    Call,
    Cases,
    Condition,
    Derivative,
    Indicator,
    Name,
    Number,
    Power,
    Product,
    Quotient,
    Term,
    Terms,
    Total,
    Transposed,
)
from . import edits_of_indices, edits_of_operators, edits_of_products, edits_of_sides
from .edit import Edit, Surroundings

__all__ = ["Edit", "Surroundings", "edits"]

_SCRIPTS = {"span", "function", "by", "indices", "start", "end", "but", "sign", "signs"}
"""Parts of terms that are changed by the edits of the whole only."""


def edits(term: Term, around: Surroundings) -> Iterator[Edit]:
    """All single changes of a right side."""
    yield from edits_of_sides.of_side(term, around)
    for path, part in _places(term):
        for edit in _at(part, around):
            if edit.note == "the samples" and not path:
                # dz/db = 1 need not be a vector of ones.
                continue
            yield replace(edit, term=_put(term, path, edit.term))
        if path and around.has_matrices:
            yield from (replace(e, term=_put(term, path, e.term)) for e in edits_of_products.of_matrix(part, around))


Path = tuple[tuple[str, tuple[int, ...]], ...]


def _places(term: Term, path: Path = ()) -> Iterator[tuple[Path, Term]]:
    """Every part of a term, with the way to it; scripts of names belong to their name."""
    yield path, term
    if isinstance(term, Name):
        return
    for item in fields(term):
        if item.name not in _SCRIPTS:
            for inner, child in _children(getattr(term, item.name)):
                yield from _places(child, (*path, (item.name, inner)))


def _children(value: Any, inner: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Term]]:
    if isinstance(value, Condition):
        return
    if isinstance(value, Term):
        yield inner, value
    elif isinstance(value, tuple):
        for place, item in enumerate(value):
            yield from _children(item, (*inner, place))


def _put(term: Term, path: Path, new: Term) -> Term:
    """The term with the part at a path replaced."""
    if not path:
        return new
    (name, inner), rest = path[0], path[1:]
    return replace(term, **{name: _put_in(getattr(term, name), inner, rest, new)})


def _put_in(value: Any, inner: tuple[int, ...], rest: Path, new: Term) -> Any:
    if not inner:
        return _put(value, rest, new)
    changed = list(value)
    changed[inner[0]] = _put_in(value[inner[0]], inner[1:], rest, new)
    return tuple(changed)


_KINDS: dict[type[Term], Callable[[Any, Surroundings], Iterator[Edit]]] = {
    Terms: edits_of_sides.of_terms,
    Total: edits_of_operators.of_total,
    Product: edits_of_products.of_product,
    Quotient: edits_of_products.of_quotient,
    Transposed: edits_of_products.of_transposed,
    Name: edits_of_indices.of_name,
    Number: edits_of_indices.of_number,
    Power: edits_of_products.of_power,
    Derivative: edits_of_operators.of_derivative,
    Indicator: edits_of_operators.of_indicator,
    Cases: edits_of_operators.of_cases,
    Call: edits_of_operators.of_call,
}


def _at(term: Term, around: Surroundings) -> Iterator[Edit]:
    """The changes of one part, whatever stands around it."""
    kind = _KINDS.get(type(term))
    if kind is not None:
        yield from kind(term, around)
