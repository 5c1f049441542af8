"""Changes of products, fractions, powers and transposes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..rebuilding import grouped, is_bracket, opened, with_item, without_factor
from ..terms import (
    NOWHERE,
    Call,
    Derivative,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Term,
    Terms,
    Times,
    Total,
    Transposed,
)
from .edit import Edit, Surroundings, is_slope


def of_product(term: Product, around: Surroundings) -> Iterator[Edit]:
    """Factors too many, the wrong kind of product, the wrong order, a sum that is missing inside."""
    factors, signs, span = term.factors, term.signs, term.span
    for place, factor in enumerate(factors):
        code, note = _extra(factor, around)
        if code:
            yield Edit(without_factor(term, place), code, 2.2, factor.span, note)
    if len(factors) == 2 and (slope := _of_tanh(factors[0], factors[1])) is not None:
        yield Edit(slope.at(span), "activation-derivative", 2, span)
    if around.has_matrices:
        for place in range(len(signs)):
            if not (_is_ones(factors[place]) or _is_ones(factors[place + 1])):
                yield from _other_signs(term, place)
            yield from _swapped(term, place)
    for letter in around.missing:
        for place in range(1, len(factors)):
            body = factors[place] if place == len(factors) - 1 else Product(factors[place:], signs[place:])
            total = Total("sum", (Name(letter),), None, None, None, grouped(body))
            product = Product((*factors[:place], total), signs[:place], span=span)
            yield Edit(product, "sum-missing", 1.1, span, letter)


def _of_tanh(first: Term, second: Term) -> Terms | None:
    """1 - a^2 for a (1 - a), which is the derivative of a sigmoid."""
    inner = opened(second)
    if isinstance(inner, Terms) and len(inner.terms) == 2 and inner.terms[1] == Negative(opened(first)):
        one, square = inner.terms[0], Power(_whole(opened(first)), Number(2.0, "2"))
        return Terms((one, Negative(square))) if one == Number(1.0, "1") else None
    return None


def _extra(factor: Term, around: Surroundings) -> tuple[str, str]:
    """The mistake of a factor too many; "" for data, without which much that is misread would be called right."""
    inner = opened(factor)
    if isinstance(inner, Quotient) and isinstance(inner.below, Name) and isinstance(inner.above, Number):
        return ("mean-twice" if inner.below.base in around.sizes else "factor"), f"extra 1/{inner.below.base}"
    if isinstance(inner, Derivative):
        return "chain-factor-missing", "extra"
    if is_slope(inner):
        return "activation-derivative", "extra"
    if isinstance(inner, Number):
        return "factor", f"extra {inner.text}"
    if isinstance(inner, Name) and (inner in around.scalars or inner.base in around.sizes):
        return "factor", f"extra {inner.base}"
    if inner in around.slopes or any(isinstance(slope, Terms) and opened(slope) == inner for slope in around.slopes):
        return "activation-derivative", "extra"
    return "", ""


def _is_ones(term: Term) -> bool:
    """The vector of ones, which sums."""
    inner = term.body if isinstance(term, Transposed) else term
    return isinstance(inner, Name) and inner.base == "1"


def _other_signs(term: Product, place: int) -> Iterator[Edit]:
    """A product of entries for one of matrices, or the reverse."""
    factors, signs, span = term.factors, term.signs, term.span
    other = Times.JUXTAPOSED if signs[place].is_elementwise else Times.HADAMARD
    changed = with_item(signs, place, other)
    yield Edit(replace(term, signs=changed), "hadamard", 1.2, span)
    for which in (place, place + 1):
        turned = with_item(factors, which, _turned(factors[which]))
        yield Edit(Product(turned, changed, span=span), "hadamard", 1.6, span)
        swapped = with_item(with_item(turned, place, turned[place + 1]), place + 1, turned[place])
        yield Edit(Product(swapped, changed, span=span), "hadamard", 1.8, span)


def _swapped(term: Product, place: int) -> Iterator[Edit]:
    """The two factors in the other order, and one or both transposed."""
    factors, signs, span = term.factors, term.signs, term.span
    swapped = with_item(with_item(factors, place, factors[place + 1]), place + 1, factors[place])
    yield Edit(Product(swapped, signs, span=span), "transposed", 1.5, span, "order")
    for which in (place, place + 1):
        turned = with_item(swapped, which, _turned(swapped[which]))
        yield Edit(Product(turned, signs, span=span), "transposed", 2, span, "order")
    both = with_item(with_item(factors, place, _turned(factors[place])), place + 1, _turned(factors[place + 1]))
    yield Edit(Product(both, signs, span=span), "transposed", 2.2, span)


def _turned(term: Term) -> Term:
    """The transpose of a factor; of a transpose, what it is made of."""
    return term.body if isinstance(term, Transposed) else Transposed(_whole(term), span=term.span)


def _whole(term: Term) -> Term:
    """What can carry a transpose without brackets of its own."""
    return term if isinstance(term, (Name, Call)) or is_bracket(term) else Terms((term,))


def of_matrix(term: Term, around: Surroundings) -> Iterator[Edit]:
    """A transpose that is missing."""
    if isinstance(term, Name):
        if around.shape(term.at(NOWHERE)) == () or term.base in around.sizes:
            return
        yield Edit(Transposed(term, span=term.span), "transposed", 1, term.span)
    elif not isinstance(term, (Number, Negative, Transposed)) and not (isinstance(term, Terms) and len(term.terms) > 1):
        yield Edit(Transposed(_whole(term), span=term.span), "transposed", 1.6, term.span)


def of_transposed(term: Transposed, around: Surroundings) -> Iterator[Edit]:
    """A transpose too many."""
    yield Edit(term.body, "transposed", 1, term.span)


def of_quotient(term: Quotient, around: Surroundings) -> Iterator[Edit]:
    """A wrong size below, a fraction upside down, a numerator that is missing."""
    span, below = term.span, term.below
    if isinstance(below, Name):
        is_size = below.base in around.sizes
        code = "mean-twice" if is_size else "chain-factor-missing"
        yield Edit(term.above, code, 1.5, span, f"extra 1/{below.base}" if is_size else "")
        for name in around.sizes:
            if below.base != name:
                yield Edit(replace(term, below=Name(name)), "wrong-count", 1.2, span, f"{below.base} for {name}")
        yield Edit(replace(term, below=Power(below, Number(2.0, "2"))), "wrong-power", 2, span)
    elif isinstance(below, Number):
        yield Edit(term.above, "factor", 1.5, span, f"extra 1/{below.text}")
    else:
        yield Edit(term.above, "chain-factor-missing", 2.6, span)
        yield Edit(replace(term, below=Power(_whole(below), Number(2.0, "2"))), "wrong-power", 2.2, span)
    yield Edit(Quotient(below, term.above, span=span), "wrong-power", 3, span)


def of_power(term: Power, around: Surroundings) -> Iterator[Edit]:
    """A power too many or with the wrong sign."""
    span, exponent = term.span, term.exponent
    yield Edit(term.base, "wrong-power", 2, span)
    if isinstance(exponent, Negative):
        yield Edit(replace(term, exponent=exponent.body), "term-sign", 2, span)
    else:
        yield Edit(replace(term, exponent=Negative(exponent)), "term-sign", 2, span)
    base = opened(term.base)
    if isinstance(base, Total):
        inner = replace(base, body=Power(_whole(base.body), exponent))
        yield Edit(inner, "scope-of-operator", 1.8, span)
