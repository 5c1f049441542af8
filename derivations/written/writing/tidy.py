"""A term that was changed, as one would write it: no factor 1 left over, no bracket that says nothing."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from ..terms import Number, Product, Script, Span, Term, Terms, Times
from .brackets import is_bracket


def tidied(term: Term, written: Term | None) -> Term:
    """The changed term, with the same value, without what the change left behind.

    Args:
        written: the term as it stands in the document; its own factors 1 stay, they may be meant as vectors of ones.

    >>> from ..grammar.sides import parse_side
    >>> from ..source.tokens import tokenise
    >>> from .latex import latex
    >>> latex(tidied(parse_side(tokenise(r"(1 x + a (2 y))")), None))
    'x + a (2 y)'
    """
    while isinstance(term, Terms) and is_bracket(term):
        term = term.terms[0]
    parts = () if written is None else written.walk()
    kept = {factor.span for part in parts if isinstance(part, Product) for factor in part.factors if _is_one(factor)}
    tidy: Term = _tidied(term, kept)
    return tidy


def _is_one(term: Term) -> bool:
    return isinstance(term, Number) and term.text == "1"


def _tidied(value: Any, kept: set[Span]) -> Any:
    if isinstance(value, tuple):
        return tuple(_tidied(item, kept) for item in value)
    if isinstance(value, Script):
        return Script(_tidied(value.body, kept), value.raised)
    if not isinstance(value, Term):
        return value
    inside = {field.name: _tidied(getattr(value, field.name), kept) for field in fields(value)}
    term = replace(value, **inside)
    return _product(term, kept) if isinstance(term, Product) else term


def _product(product: Product, kept: set[Span]) -> Term:
    """Without factors 1 that nobody wrote, and without brackets round twice something."""
    factors: list[Term] = []
    signs: list[Times] = []
    for place, factor in enumerate(product.factors):
        sign = product.signs[place - 1] if place else Times.JUXTAPOSED
        if _is_one(factor) and sign is not Times.DIVIDED and factor.span not in kept:
            continue
        is_twice = isinstance(factor, Product) and len(factor.factors) == 2 and isinstance(factor.factors[0], Number)
        if isinstance(factor, Product) and is_twice and sign is Times.JUXTAPOSED:
            factors += factor.factors
            signs += [Times.DOT if place else sign, *factor.signs]
        else:
            factors.append(factor)
            signs.append(sign)
    if signs[:1] == [Times.DIVIDED]:
        return product
    if len(factors) > 1:
        return replace(product, factors=tuple(factors), signs=tuple(signs[1:]))
    return factors[0] if factors else product.factors[0]
