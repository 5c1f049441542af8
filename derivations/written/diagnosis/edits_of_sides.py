"""Changes of a whole side, and of the terms of a sum: signs, constants, missing factors and missing terms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from ..rebuilding import grouped, map_names, negated, opened, scaled, span_of, times, with_item
from ..terms import Derivative, Name, Negative, Number, Product, Quotient, Term, Terms, Times, Total, Transposed
from .edit import Edit, Surroundings

ONE = Number(1.0, "1")
_ONES = Name("1", font="bold")
_BIASES = {"b", "beta", "gamma", "c", "theta"}


def of_side(term: Term, around: Surroundings) -> Iterator[Edit]:
    """Changes of a whole side."""
    span = term.span
    yield from constant_factors(term, around)
    for letter in around.missing:
        yield Edit(_sum_over(letter, term), "sum-missing", 1, span, letter)
    if around.has_matrices:
        yield Edit(Transposed(_in_brackets(term), span=span), "transposed", 2, span)
        is_bias = any(isinstance(variable, Name) and variable.base in _BIASES for variable in around.variables)
        is_single = isinstance(inner := opened(term), Number) or (isinstance(inner, Name) and inner.base.islower())
        if is_bias and not is_single:
            # A small delta may well be the error of one example, which needs no sum.
            yield Edit(times(Transposed(_ONES), term), "sum-missing", 2.5, span, "the samples")
            yield Edit(times(term, _ONES), "sum-missing", 2.5, span, "the samples")
    yield from _missing_factors(term, around)
    for one, two in combinations(around.functions, 2):
        if (exchanged := _exchanged(term, one, two)) != term:
            yield Edit(exchanged, "activation-derivative", 3, span)
    for variable in around.variables:
        yield Edit(Derivative(grouped(term), (variable,), form="operator"), "derivative-lost", 3.5, span)
    for penalty in around.penalties:
        parts = term.terms if isinstance(term, Terms) else (term,)
        yield Edit(Terms((*parts, penalty), span=span), "regulariser-missing", 2.4, span)
    for other in around.terms:
        parts = term.terms if isinstance(term, Terms) else (term,)
        if other not in parts:
            yield Edit(Terms((*parts, other), span=span), "term-missing", 3.2, span)


def _exchanged(term: Term, one: Name, other: Name) -> Term:
    """Each of two functions where the other one stands: g'(f(x)) f'(x) for f'(g(x)) g'(x)."""
    turned = {one: other, other: one}

    def change(name: Name) -> Term:
        found = turned.get(replace(name, primes=0))
        return name if found is None else replace(found, primes=name.primes, span=name.span)

    return map_names(term, change)


def _in_brackets(term: Term) -> Term:
    return term if isinstance(term, Name) else Terms((term,))


def _sum_over(letter: str, body: Term) -> Total:
    return Total("sum", (Name(letter),), None, None, None, grouped(body), span=body.span)


def constant_factors(term: Term, around: Surroundings) -> Iterator[Edit]:
    """A sign or a constant factor, in front of everything."""
    span = term.span
    yield Edit(negated(term), "sign-flipped", 1, span)
    for name in around.sizes:
        yield Edit(scaled(term, Quotient(ONE, Name(name))), "mean-missing", 1.5, span, f"1/{name}")
        yield Edit(scaled(term, Name(name)), "mean-twice", 2, span, f"extra 1/{name}")
    for number, text in ((2.0, "2"), (3.0, "3"), (4.0, "4")):
        yield Edit(scaled(term, Number(number, text)), "factor", 2, span, text)
        yield Edit(scaled(term, Quotient(ONE, Number(number, text))), "factor", 2, span, f"1/{text}")
    for first in around.sizes:
        for second in around.sizes:
            if first != second:
                ratio = Quotient(Name(first), Name(second))
                yield Edit(scaled(term, ratio), "wrong-count", 3, span, f"{second} for {first}")
    for scalar in around.scalars:
        yield Edit(scaled(term, scalar), "factor-dropped", 2, span, scalar.base)
        yield Edit(scaled(term, Quotient(ONE, scalar)), "factor", 2.5, span, f"extra {scalar.base}")


def _missing_factors(term: Term, around: Surroundings) -> Iterator[Edit]:
    """Factors of the chain rule that may have been left out, here or under the last sum."""
    for code, cost, factors in (
        ("activation-missing", 2.6, around.slopes),
        ("chain-factor-missing", 2.8, around.inner),
        ("chain-factor-missing", 3, around.factors),
        ("factor-dropped", 3.1, around.dropped),
        ("chain-factor-missing", 3.3, around.operands),
    ):
        for factor in factors:
            note = "inner" if factors is around.inner else ""
            yield Edit(times(term, factor), code, cost, term.span, note)
            if around.has_matrices:
                product = Product((grouped(term), grouped(factor)), (Times.HADAMARD,), span=term.span)
                yield Edit(product, code, cost, term.span)
            if isinstance(factor, Derivative) and factor.form == "operator":
                continue
            yield from _inside(term, factor, code, cost + 0.1)


def _inside(term: Term, factor: Term, code: str, cost: float) -> Iterator[Edit]:
    """The factor in one term of a sum, or under a sum."""
    match term:
        case Terms() if len(term.terms) > 1:
            for place, part in enumerate(term.terms):
                changed = with_item(term.terms, place, _multiplied(part, factor))
                yield Edit(replace(term, terms=changed), code, cost, part.span)
                if isinstance(opened(part), (Total, Product)):
                    for edit in _inside(part, factor, code, cost + 0.1):
                        yield replace(edit, term=replace(term, terms=with_item(term.terms, place, edit.term)))
        case Terms():
            for edit in _inside(term.terms[0], factor, code, cost):
                yield replace(edit, term=replace(term, terms=(edit.term,)))
        case Negative():
            for edit in _inside(term.body, factor, code, cost):
                yield replace(edit, term=replace(term, body=edit.term))
        case Total():
            yield Edit(replace(term, body=times(grouped(term.body), factor)), code, cost, term.span)
        case Product() if isinstance(opened(term.factors[-1]), (Total, Terms)):
            for edit in _inside(term.factors[-1], factor, code, cost + 0.1):
                yield replace(edit, term=replace(term, factors=(*term.factors[:-1], edit.term)))


def _multiplied(part: Term, factor: Term) -> Term:
    if isinstance(part, Negative):
        return Negative(times(part.body, factor), span=part.span)
    return times(part, factor)


# The terms of a sum ---------------------------------------------------------------------------------------------------


def of_terms(term: Terms, around: Surroundings) -> Iterator[Edit]:
    """Signs, constants and terms too many."""
    parts, span = term.terms, term.span
    if len(parts) == 1:
        return
    if len(parts) == 2:
        both = tuple(negated(part) for part in parts)
        ordered = both if not isinstance(both[0], Negative) else both[::-1]
        yield Edit(replace(term, terms=ordered), "residual-reversed", 0.9, span)
    for place, part in enumerate(parts):
        yield Edit(replace(term, terms=with_item(parts, place, negated(part))), "term-sign", 1.1, part.span)
        if _may_go(part):
            rest = parts[:place] + parts[place + 1 :]
            yield Edit(Terms(rest, span=span), "term-missing", 3, part.span, "extra")
        for edit in _scaled_parts(part, around):
            yield replace(edit, term=replace(term, terms=with_item(parts, place, edit.term)))
    if isinstance(total := opened(parts[0]), Total):
        # (sum a) + b, where sum (a + b) was meant: the bracket was closed too early.
        body = Terms((Terms((grouped(total.body), *parts[1:])),))
        yield Edit(replace(total, body=body), "scope-of-operator", 1.6, span_of(*parts[1:]))


def _may_go(part: Term) -> bool:
    """Only the term of a regulariser or a number: without any other, much that is misread would be called right."""
    part = part.body if isinstance(part, Negative) else part
    return isinstance(part, Number) or any(isinstance(inner, Name) and inner.base == "lambda" for inner in part.walk())


def _scaled_parts(part: Term, around: Surroundings) -> Iterator[Edit]:
    """One term with another constant."""
    span = part.span
    for name in around.sizes:
        yield Edit(scaled(part, Quotient(ONE, Name(name))), "mean-missing", 2, span, f"1/{name}")
        yield Edit(scaled(part, Name(name)), "mean-twice", 2.5, span, f"extra 1/{name}")
    yield Edit(scaled(part, Number(2.0, "2")), "factor", 2, span, "2")
    yield Edit(scaled(part, Quotient(ONE, Number(2.0, "2"))), "factor", 2, span, "1/2")
    for scalar in around.scalars:
        yield Edit(scaled(part, scalar), "factor-dropped", 2.5, span, scalar.base)
    for variable in around.variables:
        # lambda for lambda w
        if isinstance(variable, Name) and any(isinstance(p, Name) and p.base == "lambda" for p in part.walk()):
            yield Edit(times(part, variable), "regulariser-form", 2.2, span)
            for first, second in combinations(sorted(around.letters), 2):
                # lambda for lambda delta_jk, in a second derivative
                if around.letters[first] == around.letters[second]:
                    delta = Name("delta", sub=(Name(first), Name(second)))
                    yield Edit(times(part, delta), "regulariser-form", 2.3, span)
    for letter in around.missing:
        body = part.body if isinstance(part, Negative) else part
        total = Total("sum", (Name(letter),), None, None, None, grouped(body))
        yield Edit(Negative(total) if isinstance(part, Negative) else total, "sum-missing", 1.5, span, letter)
