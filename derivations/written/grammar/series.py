"""The grammar of sums that are written out: w_1 x_1 + ... + w_p x_p, which is the sum of w_j x_j over j."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from ..rebuilding import map_terms
from ..terms import Dots, Name, Number, Product, Raised, Term, Total

# What the letter of a sum over examples, and of any other, may be.
_LETTERS = {True: "inkqrs", False: "jkqrsl"}


def summed_series(terms: Sequence[Term]) -> list[Term]:
    """The terms of a sum, with each run that dots abbreviate as one sum over a letter; others as they are."""
    for place, dots in enumerate(terms[1:-1], 1):
        if isinstance(dots, Dots) and (found := _series(terms[:place], terms[place + 1])) is not None:
            series, number = found
            return summed_series([*terms[: place - number], series, *terms[place + 2 :]])
    return list(terms)


def run_of(terms: Sequence[Term]) -> int:
    """How many of these terms, from the first, differ only in an index that counts 1, 2, 3; 0 where fewer than two do.

    >>> from derivations.written.terms import Name, Number
    >>> run_of([Name("x", sub=(Number(n, str(n)),)) for n in (1, 2, 3)] + [Name("b")])
    3
    """
    first = Number(1, "1")
    if not any(isinstance(part, Name) and any(_is(index, first) for index in part.sub) for part in terms[0].walk()):
        return 0
    pattern = _with_letter(terms[0], first)
    numbered = enumerate(terms, 1)
    count = sum(1 for _ in takewhile(lambda item: _with_letter(item[1], Number(item[0], "")) == pattern, numbered))
    return count if count > 1 else 0


def _series(before: Sequence[Term], last: Term) -> tuple[Total, int] | None:
    """The sum that ends with `last`, and how many of the terms before the dots belong to it."""
    for end in _indices(last):
        pattern = _with_letter(last, end)
        for number in range(len(before), 0, -1):
            run = before[-number:]
            first = next(
                (index for index in _indices(run[0]) if isinstance(index, Number) and index.value in {0, 1}), None
            )
            if first is None:
                continue
            counted = (Number(first.value + place, "") for place in range(number))
            if all(_with_letter(term, index) == pattern for term, index in zip(run, counted, strict=True)):
                # L_1 + ... + L_n are losses of examples, w_1 x_1 + ... + w_p x_p one output.
                is_example = not isinstance(last, Product)
                standing = {part.base for part in pattern.walk() if isinstance(part, Name)}
                letter = next(letter for letter in (*_LETTERS[is_example], "j") if letter not in standing)
                body = _with_letter(last, end, letter)
                span = (run[0].span[0], last.span[1])
                return Total("sum", (Name(letter),), first, end, None, body, span=span), number
    return None


def _indices(term: Term) -> Iterator[Term]:
    """The numbers and letters below names, or in brackets above them."""
    for part in term.walk():
        if isinstance(part, Name):
            yield from (index for index in part.sub if isinstance(index, (Name, Number)))
            yield from (script.body for script in part.sup if script.raised is Raised.ROUND)


def _with_letter(term: Term, index: Term, letter: str = "#") -> Term:
    """The term with a letter for one of its indices."""

    def lettered(part: Term) -> Term | None:
        if not isinstance(part, Name):
            return None
        sub = tuple(Name(letter) if _is(other, index) else other for other in part.sub)
        sup = tuple(
            replace(script, body=Name(letter)) if script.raised is Raised.ROUND and _is(script.body, index) else script
            for script in part.sup
        )
        return replace(part, sub=sub, sup=sup)

    return map_terms(term, lettered)


def _is(one: Term, other: Term) -> bool:
    if isinstance(one, Number) and isinstance(other, Number):
        return one.value == other.value
    return one == other
