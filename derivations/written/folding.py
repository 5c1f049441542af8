"""A quantity put in where its definition stands written out.

With u_k = f_k / T, a softmax of exp(f_k / T) depends on u, though it does not name it.
"""

from __future__ import annotations

from dataclasses import fields, replace

from .renaming import map_terms
from .shapes import Definition
from .terms import Name, Number, Product, Script, Term, Terms
from .usage import bare


def fold(definition: Definition, part: Definition, name: Name) -> Definition | None:
    """A definition with another one's right side replaced by its name; None where it does not stand there.

    Args:
        definition: in which to look.
        part: whose right side is looked for, at any indices.
        name: of `part`, with its indices as letters.
    """
    if isinstance(part.body, Number) or (isinstance(part.body, Name) and not part.body.sup):
        return None
    body = map_terms(definition.body, lambda term: _folded(term, part, name))
    return replace(definition, body=body) if body != definition.body else None


def _folded(term: Term, part: Definition, name: Name) -> Term | None:
    """The name in place of a term, or in place of some neighbouring factors or terms of it."""
    found: dict[str, Term] = {}
    if _matches(part.body, term, part.letters, found):
        return _at(name, found)
    wanted = part.body
    if isinstance(wanted, Terms) and isinstance(term, Terms):
        for start in range(len(term.terms) - len(wanted.terms) + 1):
            end = start + len(wanted.terms)
            found = {}
            if _match_all(wanted.terms, term.terms[start:end], part.letters, found):
                return Terms((*term.terms[:start], _at(name, found), *term.terms[end:]), span=term.span)
    if isinstance(wanted, Product) and isinstance(term, Product):
        for start in range(len(term.factors) - len(wanted.factors) + 1):
            end = start + len(wanted.factors)
            found = {}
            same_signs = term.signs[start : end - 1] == wanted.signs
            if same_signs and _match_all(wanted.factors, term.factors[start:end], part.letters, found):
                factors = (*term.factors[:start], _at(name, found), *term.factors[end:])
                return Product(factors, (*term.signs[:start], *term.signs[end - 1 :]), span=term.span)
    return None


def _at(name: Name, found: dict[str, Term]) -> Name:
    """The name at the indices that were found."""
    return replace(name, sub=tuple(found.get(index.base, index) if isinstance(index, Name) else index
                                   for index in name.sub))  # fmt: skip


def _matches(pattern: Term, term: Term, letters: tuple[str, ...], found: dict[str, Term]) -> bool:
    """Is a term the pattern with other letters for its indices? Notes in `found` which."""
    pattern, term = bare(pattern), bare(term)
    if isinstance(pattern, Name) and pattern.base in letters and not pattern.sub:
        return found.setdefault(pattern.base, term) == term
    if type(pattern) is not type(term):
        return False
    return all(
        _match_values(getattr(pattern, item.name), getattr(term, item.name), letters, found)
        for item in fields(pattern) if item.compare
    )  # fmt: skip


def _match_values(pattern: object, value: object, letters: tuple[str, ...], found: dict[str, Term]) -> bool:
    if isinstance(pattern, Term) and isinstance(value, Term):
        return _matches(pattern, value, letters, found)
    if isinstance(pattern, Script) and isinstance(value, Script):
        return pattern.raised is value.raised and _matches(pattern.body, value.body, letters, found)
    if isinstance(pattern, tuple) and isinstance(value, tuple):
        return len(pattern) == len(value) and _match_all(pattern, value, letters, found)
    return pattern == value


def _match_all(
    patterns: tuple[object, ...], values: tuple[object, ...], letters: tuple[str, ...], found: dict[str, Term]
) -> bool:
    return all(_match_values(one, other, letters, found) for one, other in zip(patterns, values, strict=True))
