"""Terms made of others: products kept flat, brackets where they are needed, indices renamed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any

from .terms import NOWHERE, Derivative, Entries, Name, Negative, Product, Span, Term, Terms, Times, Total


def is_bracket(term: Term) -> bool:
    """A bracket: a sum of one term."""
    return isinstance(term, Terms) and len(term.terms) == 1


def opened(term: Term) -> Term:
    """What stands in a bracket, however many there are."""
    while isinstance(term, Terms) and len(term.terms) == 1:
        term = term.terms[0]
    return term


def grouped(term: Term) -> Term:
    """In brackets, where it is a sum of several terms or begins with a sign."""
    several = isinstance(term, Negative) or (isinstance(term, Terms) and len(term.terms) > 1)
    return Terms((term,), span=term.span) if several else term


def times(first: Term, second: Term, sign: Times = Times.JUXTAPOSED) -> Product:
    """A product, flat where it can be."""
    factors: list[Term] = []
    signs: list[Times] = []
    for part in (first, second):
        if factors:
            signs.append(sign)
        if isinstance(part, Product) and not (sign.is_elementwise and part is first):
            factors += part.factors
            signs += part.signs
        else:
            factors.append(Terms((part,)) if isinstance(part, Product) else grouped(part))
    return Product(tuple(factors), tuple(signs), span=first.span if first.span != NOWHERE else second.span)


def negated(term: Term) -> Term:
    """Minus a term; of a negative one, the term."""
    if isinstance(term, Negative):
        return term.body
    return Negative(grouped(term), span=term.span)


def scaled(term: Term, factor: Term) -> Term:
    """A term with a factor in front of it, after its sign."""
    return Negative(times(factor, term.body), span=term.span) if isinstance(term, Negative) else times(factor, term)


def without_factor(product: Product, place: int) -> Term:
    """A product without one of its factors."""
    rest = product.factors[:place] + product.factors[place + 1 :]
    signs = product.signs[1:] if place == 0 else product.signs[: place - 1] + product.signs[place:]
    return rest[0] if len(rest) == 1 else Product(rest, signs, span=product.span)


def with_item(items: tuple[Any, ...], place: int, new: Any) -> tuple[Any, ...]:
    """A tuple with one entry replaced."""
    return (*items[:place], new, *items[place + 1 :])


def changed_names(term: Term, change: Callable[[Name], Term]) -> Term:
    """The term with every name in it replaced, scripts of names first."""
    updates = {}
    for item in fields(term):
        if item.name != "span":
            value = getattr(term, item.name)
            new = _changed(value, change)
            if new is not value:
                updates[item.name] = new
    out = replace(term, **updates) if updates else term
    return change(out) if isinstance(out, Name) else out


def _changed(value: Any, change: Callable[[Name], Term]) -> Any:
    if isinstance(value, Term):
        return changed_names(value, change)
    if isinstance(value, tuple):
        new = tuple(_changed(item, change) for item in value)
        return new if any(one is not other for one, other in zip(new, value, strict=True)) else value
    if hasattr(value, "body") and hasattr(value, "raised"):
        body = changed_names(value.body, change)
        return value if body is value.body else replace(value, body=body)
    return value


def renamed_indices(term: Term, letters: dict[str, str]) -> Term:
    """The term with other letters for its indices; a letter that stands on the line is left alone."""

    def change(name: Name) -> Term:
        sub = tuple(_renamed_index(index, letters) for index in name.sub)
        sup = tuple(replace(script, body=_renamed_index(script.body, letters)) for script in name.sup)
        return name if (sub, sup) == (name.sub, name.sup) else replace(name, sub=sub, sup=sup)

    return changed_names(term, change)


def _renamed_index(index: Term, letters: dict[str, str]) -> Term:
    if isinstance(index, Name) and not index.sub and index.base in letters:
        return replace(index, base=letters[index.base])
    return index


class LettersOfTerms:
    """The free letters of terms, looked for once in each: changed terms share most of their parts."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Term, frozenset[str], frozenset[str]]] = {}

    def of(self, term: Term) -> tuple[frozenset[str], frozenset[str]]:
        """All letters that index something in a term, and all that stand anywhere in it; but those that a sum binds."""
        known = self._known.get(id(term))
        if known is None:
            # The term is kept beside its letters, so that no other can take its place in memory.
            known = self._known[id(term)] = term, *self._letters(term)
        return known[1:]

    def _letters(self, term: Term) -> tuple[frozenset[str], frozenset[str]]:
        inside = [self.of(child) for child in term.children]
        free = frozenset[str]().union(*(one for one, _ in inside))
        standing = frozenset[str]().union(*(other for _, other in inside))
        match term:
            case Name():
                scripts = _plain_letters((*term.sub, *(script.body for script in term.sup)))
                return free | scripts, standing | {term.base}
            case Entries():
                return free | _plain_letters(term.indices), standing
            case Derivative() if term.form == "index":
                return free | _plain_letters(term.by), standing
            case Total():
                bound = {name.base for name in term.indices}
                return free - bound, standing - bound
        return free, standing


@lru_cache(maxsize=20_000)
def free_letters(term: Term) -> frozenset[str]:
    """All letters that index something in a term and are bound by no sum."""
    return LettersOfTerms().of(term)[0]


def _plain_letters(indices: tuple[Term, ...]) -> frozenset[str]:
    return frozenset(index.base for index in indices if isinstance(index, Name))


@lru_cache(maxsize=20_000)
def standing_letters(term: Term) -> frozenset[str]:
    """All letters that stand anywhere in a term and are bound by no sum."""
    inside = frozenset[str]().union(*(standing_letters(child) for child in term.children))
    if isinstance(term, Name):
        return inside | {term.base}
    return inside - {name.base for name in term.indices} if isinstance(term, Total) else inside


def variables_of(term: Term) -> tuple[Term, ...]:
    """What a term differentiates by."""
    return tuple(dict.fromkeys(by for part in term.walk() if isinstance(part, Derivative) for by in part.by))


def span_of(*terms: Term) -> Span:
    """From the first to the last of terms that stand beside each other."""
    places = [term.span for term in terms if term.span != NOWHERE]
    return (min(start for start, _ in places), max(end for _, end in places)) if places else NOWHERE


def map_names(term: Term, change: Callable[[Name], Term]) -> Term:
    """The term with every name on the line replaced."""
    return map_terms(term, lambda part: change(part) if isinstance(part, Name) else None)


def map_terms(term: Term, change: Callable[[Term], Term | None]) -> Term:
    """The term with parts replaced, from the outermost; where `change` gives None, its parts are looked at."""
    changed = change(term)
    if changed is not None:
        return changed
    updates = {}
    for item in fields(term):
        if item.name == "span":
            continue
        value = getattr(term, item.name)
        new = _map_value(value, change)
        if new is not value:
            updates[item.name] = new
    return replace(term, **updates) if updates else term


def _map_value(value: Any, change: Callable[[Term], Term | None]) -> Any:
    if isinstance(value, Term):
        return map_terms(value, change)
    if isinstance(value, tuple):
        new = tuple(_map_value(item, change) for item in value)
        return new if any(a is not b for a, b in zip(new, value, strict=True)) else value
    return value
