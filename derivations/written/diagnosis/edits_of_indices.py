"""Changes of names and numbers: their indices, another quantity or number in their place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

from ..rebuilding import with_item
from ..terms import NOWHERE, Name, Number, Power, Quotient, Raised, Script, Transposed
from .edit import Edit, Surroundings


def other_indices(name: Name, around: Surroundings) -> Iterator[Name]:
    """The name at other indices, the likeliest first."""
    sub, letters = name.sub, list(around.letters)
    if len(sub) == 2:
        yield replace(name, sub=sub[::-1])
    for place, index in enumerate(sub):
        if isinstance(index, Name):
            others = [letter for letter in letters if letter != index.base or index.sub]
            yield from (replace(name, sub=with_item(sub, place, Name(letter))) for letter in others)
    yield from _other_examples(name, letters)
    if len(sub) == 1 and isinstance(sub[0], Name) and len(sub[0].sub) == 1:
        yield replace(name, sub=(replace(sub[0], sub=()),))
    if len(sub) == 2 and all(isinstance(index, Name) for index in sub):
        both = [(Name(first), Name(second)) for first, second in permutations(letters, 2)]
        yield from (replace(name, sub=pair) for pair in both if pair[0] != sub[0] and pair[1] != sub[1])
    yield from (replace(name, sub=(*sub, Name(letter))) for letter in letters if Name(letter) not in sub)
    if sub:
        yield replace(name, sub=sub[:-1])
        yield replace(name, sub=sub[1:])


def _other_examples(name: Name, letters: list[str]) -> Iterator[Name]:
    """Another letter above, as in x^(i)."""
    for place, script in enumerate(name.sup):
        if isinstance(script.body, Name) and script.body.base in letters:
            others = [letter for letter in letters if letter != script.body.base]
            yield from (
                replace(name, sup=with_item(name.sup, place, replace(script, body=Name(letter)))) for letter in others
            )


def of_name(term: Name, around: Surroundings) -> Iterator[Edit]:
    """Other indices, another layer, a square missing or too many, another quantity."""
    span = term.span
    for place, name in enumerate(other_indices(term, around)):
        yield Edit(name, "wrong-index", _index_cost(term, name) + 0.001 * place, span)
    for place, script in enumerate(term.sup):
        is_index = isinstance(script.body, Name) and script.body.base in around.letters
        if isinstance(script.body, (Number, Name)) and not is_index:
            rest = term.sup[:place] + term.sup[place + 1 :]
            yield Edit(replace(term, sup=rest), "wrong-power", 2, span)
        if isinstance(script.body, Number):
            for step in (-1.0, 1.0):
                value = script.body.value + step
                body = Number(value, f"{value:g}")
                sup = with_item(term.sup, place, replace(script, body=body))
                yield Edit(replace(term, sup=sup), "wrong-operand", 2, span, "layer")
    yield Edit(Power(term, Number(2.0, "2"), span=span), "wrong-power", 2, span)
    yield from _other_quantities(term, around)


def _index_cost(term: Name, name: Name) -> float:
    if len(name.sub) != len(term.sub):
        return 2.3
    if name.sub == term.sub[::-1]:
        return 1.0
    changed = sum(one != other for one, other in zip(name.sub, term.sub, strict=True))
    return 1.2 if changed < 2 else 2.2


def _other_quantities(term: Name, around: Surroundings) -> Iterator[Edit]:
    """Another quantity where this one stands: with its own scripts, or with these; a power stays."""
    plain, power = _parted(term)
    shape = around.shape(plain)
    for other in around.names:
        is_case_only = (other.base.lower(), other.accent, other.sup) == (plain.base.lower(), plain.accent, plain.sup)
        if other == plain or (is_case_only and other.base != plain.base):
            continue
        if len(other.sub) == len(plain.sub) and around.shape(other) == (shape or ()):
            yield Edit(_raised(other, power, term), "wrong-operand", 2.4, term.span)
            if other.sub != plain.sub and all(isinstance(i, Name) for i in (*plain.sub, *other.sub)):
                yield Edit(_raised(replace(other, sub=plain.sub), power, term), "wrong-operand", 2.5, term.span)
        elif around.has_matrices and not power and shape is not None and around.shape(other) == shape[::-1]:
            yield Edit(Transposed(other.at(term.span)), "wrong-operand", 3, term.span)
        elif (
            around.has_matrices
            and not power
            and not other.sub
            and len(shape or ()) == len(around.shape(other) or ()) == 2
        ):
            # dZ A^T for dZ X^T, which does not even fit.
            yield Edit(other.at(term.span), "wrong-operand", 2.05, term.span)


def _parted(name: Name) -> tuple[Name, tuple[Script, ...]]:
    """A name, and the powers it is raised to."""
    powers = tuple(s for s in name.sup if s.raised is Raised.BARE and isinstance(s.body, Number))
    return replace(name, sup=tuple(s for s in name.sup if s not in powers), span=NOWHERE), powers


def _raised(name: Name, power: tuple[Script, ...], at: Name) -> Name:
    return replace(name, sup=(*name.sup, *power), span=at.span)


def of_number(term: Number, around: Surroundings) -> Iterator[Edit]:
    """Another constant; for 1, a Kronecker delta or a vector of ones."""
    span = term.span
    for number, text in ((1.0, "1"), (2.0, "2"), (0.0, "0"), (3.0, "3"), (4.0, "4")):
        if number != term.value:
            yield Edit(Number(number, text, span=span), "factor", 2 if number else 3.5, span, text)
    if term.value not in {0.0, 1.0}:
        yield Edit(Quotient(Number(1.0, "1"), term, span=span), "factor", 2.5, span, f"1/{term.text}")
    if term.value == 1.0:
        yield from _for_one(term, around)


def _for_one(term: Number, around: Surroundings) -> Iterator[Edit]:
    span = term.span
    for first in around.letters:
        for second in around.letters:
            if first < second and around.letters[first] == around.letters[second]:
                delta = Name("delta", sub=(Name(first), Name(second)), span=span)
                yield Edit(delta, "softmax-jacobian", 2, span)
    if around.has_matrices and around.variables:
        yield Edit(Name("1", font="bold", span=span), "sum-missing", 1.5, span, "the samples")
