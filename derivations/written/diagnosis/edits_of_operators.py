"""Changes of sums, derivatives, cases and functions: what they range over, reach and are taken of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..rebuilding import free_letters, grouped, negated, opened, renamed_indices, with_item
from ..terms import Call, Cases, Condition, Derivative, Indicator, Name, Number, Power, Product, Term, Terms, Total
from .edit import Edit, Surroundings
from .edits_of_indices import other_indices

_OPPOSITES = {"=": "ne", "ne": "=", "<": ">", ">": "<", "le": ">", "ge": "<"}


def of_total(term: Total, around: Surroundings) -> Iterator[Edit]:
    """A sum too many, over the wrong index, over the wrong range, or with a bracket too far."""
    span, body = term.span, term.body
    letter = term.indices[0].base if term.indices else ""
    yield Edit(grouped(body), "sum-extra", 1, span, letter)
    for other in around.letters:
        if letter != other and other not in free_letters(body):
            yield Edit(grouped(renamed_indices(body, {letter: other})), "sum-extra", 1.3, span, letter)
    if len(term.indices) == 1:
        yield from _other_index(term, letter, around)
    if term.end is not None and not (isinstance(term.end, Name) and term.end.base.lower() == letter):
        yield Edit(replace(term, start=None, end=None), "sum-range", 1, span, letter)
    if term.start is not None:
        yield Edit(replace(term, start=None), "sum-range", 1.5, span, letter)
    if term.but is not None:
        yield Edit(replace(term, but=None), "sum-range", 1.5, span, letter)
    elif term.indices:
        for other in around.letters:
            if letter != other:
                but = Condition(term.indices[0], "ne", Name(other))
                yield Edit(replace(term, but=but), "sum-range", 2.5, span, letter)
    yield from _reach(term)


def _other_index(term: Total, letter: str, around: Surroundings) -> Iterator[Edit]:
    span = term.span
    for other in sorted(free_letters(term.body) - {letter}):
        # sum_m a_im, where sum_i a_ik was meant: what was summed is free.
        for free in around.lacking:
            body = renamed_indices(term.body, {letter: free})
            total = replace(term, indices=(Name(other),), start=None, end=None, body=body)
            yield Edit(total, "sum-wrong-axis", 1.5, span, other)
        yield Edit(replace(term, indices=(Name(other),), start=None, end=None), "sum-wrong-axis", 2, span, other)
        # sum_i' e^{z_i'm}, where sum_m' e^{z_im'} was meant.
        for free in around.letters:
            if free not in {other, letter}:
                body = renamed_indices(term.body, {letter: free, other: letter})
                yield Edit(replace(term, start=None, end=None, body=body), "sum-wrong-axis", 1.8, span, letter)


def _reach(term: Total) -> Iterator[Edit]:
    """A bracket too far: what does not belong under the sum; or a function around the sum that belongs under it."""
    body = opened(term.body)
    if isinstance(body, Terms):
        for place in range(1, len(body.terms)):
            inner = Terms((Terms(body.terms[:place]),)) if place > 1 else body.terms[0]
            outer = Terms((replace(term, body=inner), *body.terms[place:]), span=term.span)
            yield Edit(Terms((outer,), span=term.span), "scope-of-operator", 1.4, body.terms[place].span)


def of_derivative(term: Derivative, around: Surroundings) -> Iterator[Edit]:
    """A wrong variable or index below, a bracket too far, a sign where none belongs."""
    span = term.span
    for variable in around.variables:
        if (variable,) != term.by:
            yield Edit(replace(term, by=(variable,)), "wrong-variable", 1.5, span)
    if term.by and isinstance(term.by[0], Name):
        for place, name in enumerate(other_indices(term.by[0], around)):
            yield Edit(replace(term, by=(name,)), "wrong-index", 1.8 + 0.01 * place, span)
    if term.form == "operator" and term.of is not None:
        if isinstance(term.of, Terms) and len(term.of.terms) > 1:
            for place in range(1, len(term.of.terms)):
                inner = term.of.terms[0] if place == 1 else Terms((Terms(term.of.terms[:place]),))
                outer = Terms((replace(term, of=inner), *term.of.terms[place:]))
                yield Edit(Terms((outer,)), "scope-of-operator", 1.5, span)
        yield Edit(grouped(term.of), "derivative-lost", 3, span, "extra")


def of_indicator(term: Indicator, around: Surroundings) -> Iterator[Edit]:
    """The condition the other way round."""
    sign = _OPPOSITES.get(term.condition.sign)
    if sign:
        flipped = replace(term.condition, sign=sign)
        yield Edit(replace(term, condition=flipped), "activation-derivative", 2, term.span)


def of_cases(term: Cases, around: Surroundings) -> Iterator[Edit]:
    """Values under each other's conditions, a condition the other way round, a wrong sign in one case."""
    branches, span = term.branches, term.span
    if len(branches) == 2:
        (first, one), (second, two) = branches
        yield Edit(replace(term, branches=((second, one), (first, two))), "activation-derivative", 1.5, span)
    for place, (value, condition) in enumerate(branches):
        if condition is not None and condition.sign in _OPPOSITES:
            turned = (value, replace(condition, sign=_OPPOSITES[condition.sign]))
            yield Edit(replace(term, branches=with_item(branches, place, turned)), "activation-derivative", 2, span)
        changed = with_item(branches, place, (negated(value), condition))
        yield Edit(replace(term, branches=changed), "term-sign", 1.5, value.span)


def of_call(term: Call, around: Surroundings) -> Iterator[Edit]:
    """The function for its derivative or the reverse, another argument, no function at all."""
    span, function = term.span, term.function
    if function.primes:
        yield Edit(replace(term, function=replace(function, primes=0)), "activation-derivative", 2, span)
        for name in around.functions:
            if name != replace(function, primes=0):
                other = replace(name, primes=function.primes)
                yield Edit(replace(term, function=other), "activation-derivative", 1.9, span)
        for other in around.names:
            if (other,) != term.arguments:
                yield Edit(replace(term, arguments=(other,)), "activation-argument", 1.6, span)
        return
    yield Edit(replace(term, function=replace(function, primes=1)), "activation-derivative", 2, span)
    if len(term.arguments) != 1:
        return
    argument = term.arguments[0]
    yield Edit(grouped(argument), "wrong-operand", 2.5, span)
    yield Edit(replace(term, arguments=(negated(argument),)), "term-sign", 2, span)
    if not function.sup:
        yield Edit(Power(term, Number(2.0, "2"), span=span), "wrong-power", 2.2, span)
    inside = opened(argument)
    if isinstance(inside, Total):
        # f(sum x), where sum f(x) was meant.
        yield Edit(replace(inside, body=_called(term, inside.body)), "scope-of-operator", 1.8, span)
    if isinstance(inside, Product) and isinstance(total := inside.factors[-1], Total):
        body = _called(term, Product((*inside.factors[:-1], total.body), inside.signs))
        yield Edit(replace(total, body=body), "scope-of-operator", 2, span)


def _called(call: Call, argument: Term) -> Call:
    return replace(call, arguments=(opened(argument),))
