"""Terms with their names changed: layers as numbers, sums that a convention leaves out."""

from __future__ import annotations

from dataclasses import replace

from .judging.readings import names_on_line
from .meaning.symbols import Symbols
from .rebuilding import map_terms
from .terms import Name, Negative, Power, Product, Term, Terms, Total


def summed(term: Term, kept: set[str]) -> Term:
    """Einstein's convention written out: an index that stands twice in a product, and not on the left, is summed."""
    if isinstance(term, Terms):
        return replace(term, terms=tuple(summed(part, kept) for part in term.terms))
    if isinstance(term, Negative):
        return replace(term, body=summed(term.body, kept))
    if isinstance(term, Power) and not isinstance(term.base, Name):
        # (x_i x_i)^{1/2}: the sum is inside.
        return replace(term, base=summed(term.base, kept))
    if isinstance(term, Total) or not isinstance(term, (Product, Power)):
        return term
    letters: dict[str, int] = {}
    for part in names_on_line(term):
        for index in part.sub:
            if isinstance(index, Name) and not index.sub:
                letters[index.base] = letters.get(index.base, 0) + (2 if part.sup or isinstance(term, Power) else 1)
    repeated = tuple(Name(letter) for letter in sorted(letters) if letters[letter] > 1 and letter not in kept)
    return Total("sum", repeated, None, None, None, term, span=term.span) if repeated else term


def keys_named(term: Term, symbols: Symbols) -> set[str]:
    """The keys of all quantities that a term names."""
    return {symbols.key(part) for part in term.walk() if isinstance(part, Name)} - {""}


def index_letters(term: Term) -> set[str]:
    """The letters that stand as indices in a term."""
    return {
        index.base
        for part in term.walk()
        if isinstance(part, Name)
        for index in (*part.sub, *(script.body for script in part.sup))
        if isinstance(index, Name)
    }


def with_layers(term: Term, symbols: Symbols) -> Term:
    """The term with l and L as numbers, so that it means the same under every numbering."""
    if not symbols.layers:
        return term

    def numbered(part: Term) -> Term | None:
        if isinstance(part, Total):
            return summed_over_layers(part, symbols)
        return _numbered(part, symbols) if isinstance(part, Name) else None

    return map_terms(term, numbered)


def summed_over_layers(total: Total, symbols: Symbols) -> Term | None:
    """A sum over the layers l written out; None of any other sum."""
    letters, layers = total.letters, symbols.layers
    is_over_layers = len(letters) == 1 and symbols.usage.is_layer(letters[0]) and bool(layers)
    if not is_over_layers or total.operator != "sum" or total.but is not None:
        return None
    first, last = (
        symbols.layer_number(limit) if limit is not None else default
        for limit, default in ((total.start, 1), (total.end, layers["L"]))
    )
    return Terms(tuple(
        with_layers(total.body, _with_layers_as(symbols, {**layers, letters[0]: layer}))
        for layer in range(first, last + 1)
    ), span=total.span) if first <= last else None  # fmt: skip


def _with_layers_as(symbols: Symbols, layers: dict[str, int]) -> Symbols:
    """The same names with l and L standing for other layers."""
    return Symbols(symbols.usage, layers, symbols.aliases)


def _numbered(name: Name, symbols: Symbols) -> Name:
    return replace(
        name,
        sup=tuple(replace(script, body=symbols.layer_above(name, script) or script.body) for script in name.sup),
        sub=tuple(symbols.layer_below(name, index) or index for index in name.sub),
    )
