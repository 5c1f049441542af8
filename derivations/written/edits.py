"""Small changes of a term: each undoes one mistake that people make, and carries that mistake's code.

An edit stands for the mistake it undoes: where leaving out a sum makes an equality right, a sum too many was the
mistake. Edits are tried in the order of their cost, the likeliest first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from .terms import (
    Call,
    Cases,
    Condition,
    Derivative,
    Indicator,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Span,
    Term,
    Terms,
    Times,
    Total,
    Transposed,
)

FLIPPED_SIGNS = {"=": "ne", "ne": "=", "<": ">", ">": "<", "le": ">", "ge": "<"}


@dataclass(frozen=True, slots=True)
class Edit:
    """A changed term.

    Attributes:
        code: of the mistake that the change undoes.
        cost: small changes that people often need come first.
        span: the part of the formula that was changed.
        note: what the change does, to be put into a sentence.
    """

    term: Term
    code: str
    cost: float
    span: Span
    note: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a mistake may have been drawn from.

    Attributes:
        letters: indices of the statement, with their sizes.
        missing: indices free on the right but not on the left; `lacking` the reverse.
        sizes: names of sizes.
        names: other quantities by rank and shape, as they are written in the document.
        scalars: constants, such as a rate or the strength of a regulariser.
        factors: derivatives and slopes that the document names, which may have been left out.
        variables: what the left side differentiates by.
    """

    letters: dict[str, int]
    missing: tuple[str, ...]
    lacking: tuple[str, ...]
    sizes: tuple[str, ...]
    names: tuple[Name, ...]
    scalars: tuple[Name, ...]
    factors: tuple[Term, ...]
    variables: tuple[Term, ...]
    has_matrices: bool = False


def edits(term: Term, around: Surroundings) -> Iterator[Edit]:
    """All single changes of a right side."""
    yield from _whole(term, around)
    for path, part in _places(term):
        for edit in _at(part, around, bool(path)):
            yield replace(edit, term=_put(term, path, edit.term))


Path = tuple[tuple[str, tuple[int, ...]], ...]


def _places(term: Term, path: Path = ()) -> Iterator[tuple[Path, Term]]:
    """Every part of a term, with the way to it; scripts of names belong to their name."""
    yield path, term
    if isinstance(term, Name):
        return
    for item in fields(term):
        if item.name in {"span", "function", "by", "indices", "start", "end", "but", "sign", "signs"}:
            continue
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
    return replace(term, **{name: _put_in(getattr(term, name), inner, rest, new)})  # type: ignore[arg-type]


def _put_in(value: Any, inner: tuple[int, ...], rest: Path, new: Term) -> Any:
    if not inner:
        return _put(value, rest, new)
    changed = list(value)
    changed[inner[0]] = _put_in(value[inner[0]], inner[1:], rest, new)
    return tuple(changed)


def _span(term: Term) -> Span:
    return getattr(term, "span", (0, 0))


def _times(first: Term, second: Term) -> Product:
    """A product, brackets round what needs them, flat where it can be."""
    factors: list[Term] = []
    signs: list[Times] = []
    for part in (first, second):
        if factors:
            signs.append(Times.JUXTAPOSED)
        if isinstance(part, Product):
            factors += part.factors
            signs += part.signs
        else:
            factors.append(Terms((part,)) if isinstance(part, (Terms, Negative)) and not _is_bracket(part) else part)
    return Product(tuple(factors), tuple(signs), span=_span(first) if _span(first) != (0, 0) else _span(second))


def _is_bracket(term: Term) -> bool:
    return isinstance(term, Terms) and len(term.terms) == 1


def _negated(term: Term) -> Term:
    if isinstance(term, Negative):
        return term.body
    return Negative(Terms((term,)) if isinstance(term, Terms) and len(term.terms) > 1 else term, span=_span(term))


# The whole side -------------------------------------------------------------------------------------------------------


def _whole(term: Term, around: Surroundings) -> Iterator[Edit]:
    span = _span(term)
    yield Edit(_negated(term), "sign-flipped", 1, span, "the sign of the whole side")
    one = Number(1.0, "1")
    for name in around.sizes:
        size = Name(name)
        yield Edit(_times(Quotient(one, size), term), "mean-missing", 1.5, span, f"1/{name}")
        yield Edit(_times(size, term), "mean-twice", 2, span, f"1/{name}")
    for number, text in ((2.0, "2"), (3.0, "3"), (4.0, "4")):
        yield Edit(_times(Number(number, text), term), "factor", 2, span, text)
        yield Edit(_times(Quotient(one, Number(number, text)), term), "factor", 2, span, f"1/{text}")
    for first in around.sizes:
        for second in around.sizes:
            if first != second:
                yield Edit(_times(Quotient(Name(first), Name(second)), term), "wrong-count", 3, span, f"{first} for {second}")
    for letter in around.missing:
        total = Total("sum", (Name(letter),), None, None, None, _summable(term), span=span)
        yield Edit(total, "sum-missing", 1, span, letter)
    for scalar in around.scalars:
        yield Edit(_times(scalar, term), "factor-dropped", 2, span, scalar.base)
        yield Edit(_times(Quotient(one, scalar), term), "factor", 2.5, span, scalar.base)
    for factor in around.factors:
        code = "activation-missing" if isinstance(factor, Call) and factor.function.primes else "chain-factor-missing"
        yield Edit(_times(term, factor), code, 3, span)
        if around.has_matrices:
            product = Product((Terms((term,)), factor), (Times.HADAMARD,), span=span)
            yield Edit(product, code, 3, span)
    if around.has_matrices:
        yield Edit(Transposed(Terms((term,)), span=span), "transposed", 2, span)
        ones = Name("1", font="bold")
        yield Edit(_times(Transposed(ones), term), "sum-missing", 2.5, span, "the samples")
        yield Edit(_times(term, ones), "sum-missing", 2.5, span, "the samples")
    for variable in around.variables:
        yield Edit(Derivative(_summable(term), (variable,), form="operator"), "derivative-lost", 3.5, span)


def _summable(term: Term) -> Term:
    return Terms((term,)) if isinstance(term, Terms) and len(term.terms) > 1 else term


# One part of it -------------------------------------------------------------------------------------------------------


def _at(term: Term, around: Surroundings, inside: bool) -> Iterator[Edit]:
    span = _span(term)
    match term:
        case Terms():
            yield from _terms(term, around)
        case Negative() if inside:
            yield Edit(term.body, "term-sign", 1.2, span)
        case Total():
            yield from _total(term, around)
        case Product():
            yield from _product(term, around)
        case Quotient():
            yield from _quotient(term, around)
        case Name():
            yield from _name(term, around)
        case Power():
            yield Edit(term.base, "wrong-power", 2, span)
            if isinstance(term.exponent, Negative):
                yield Edit(replace(term, exponent=term.exponent.body), "sign-flipped", 2, span)
            else:
                yield Edit(replace(term, exponent=Negative(term.exponent)), "term-sign", 2, span)
        case Transposed():
            yield Edit(term.body, "transposed", 1, span)
        case Number():
            yield from _number(term, around)
        case Derivative():
            yield from _derivative(term, around)
        case Indicator():
            sign = FLIPPED_SIGNS.get(term.condition.sign)
            if sign:
                flipped = replace(term.condition, sign=sign)
                yield Edit(replace(term, condition=flipped), "activation-derivative", 2, span)
        case Cases():
            yield from _cases(term)
        case Call():
            yield from _call(term, around)
    if inside and not isinstance(term, (Number, Negative, Name)) and around.has_matrices:
        yield Edit(Transposed(_grouped(term), span=span), "transposed", 1.6, span)


def _grouped(term: Term) -> Term:
    return term if isinstance(term, (Name, Call)) or _is_bracket(term) else Terms((term,))


def _terms(term: Terms, around: Surroundings) -> Iterator[Edit]:
    parts, span = term.terms, term.span
    for place, part in enumerate(parts):
        changed = list(parts)
        changed[place] = _negated(part)
        if len(parts) > 1:
            yield Edit(replace(term, terms=tuple(changed)), "term-sign", 1.1, _span(part))
            rest = parts[:place] + parts[place + 1 :]
            yield Edit(Terms(rest, span=span) if len(rest) > 1 else Terms(rest, span=span), "term-missing", 3, _span(part), "extra")
    if len(parts) == 2:
        both = tuple(_negated(part) for part in parts)
        ordered = both if not isinstance(both[0], Negative) else both[::-1]
        yield Edit(replace(term, terms=ordered), "residual-reversed", 0.9, span)
    for place, part in enumerate(parts):
        if len(parts) > 1:
            for name in around.sizes:
                yield Edit(_at_place(term, place, _scaled(part, Quotient(Number(1.0, "1"), Name(name)))), "mean-missing", 2, _span(part), f"1/{name}")
                yield Edit(_at_place(term, place, _scaled(part, Name(name))), "mean-twice", 2.5, _span(part), f"1/{name}")
            for number, text in ((2.0, "2"), (0.5, "")):
                factor: Term = Number(number, text) if text else Quotient(Number(1.0, "1"), Number(2.0, "2"))
                yield Edit(_at_place(term, place, _scaled(part, factor)), "factor", 2, _span(part), text or "1/2")
            for scalar in around.scalars:
                yield Edit(_at_place(term, place, _scaled(part, scalar)), "factor-dropped", 2.5, _span(part), scalar.base)
            for letter in around.missing:
                total = Total("sum", (Name(letter),), None, None, None, part.body if isinstance(part, Negative) else part)
                yield Edit(_at_place(term, place, Negative(total) if isinstance(part, Negative) else total), "sum-missing", 1.5, _span(part), letter)


def _at_place(term: Terms, place: int, part: Term) -> Terms:
    changed = list(term.terms)
    changed[place] = part
    return replace(term, terms=tuple(changed))


def _scaled(part: Term, factor: Term) -> Term:
    return Negative(_times(factor, part.body)) if isinstance(part, Negative) else _times(factor, part)


def _total(term: Total, around: Surroundings) -> Iterator[Edit]:
    span = term.span
    yield Edit(_grouped(term.body) if isinstance(term.body, Terms) else term.body, "sum-extra", 1, span, _letter(term))
    for letter in around.letters:
        if len(term.indices) == 1 and letter != term.indices[0].base:
            yield Edit(replace(term, indices=(Name(letter),), start=None, end=None), "sum-wrong-axis", 2, span, letter)
    if term.end is not None:
        yield Edit(replace(term, start=None, end=None), "sum-range", 1, span)
    if term.start is not None:
        yield Edit(replace(term, start=None), "sum-range", 1.5, span)
    if term.but is not None:
        yield Edit(replace(term, but=None), "sum-range", 1.5, span)
    for letter in around.letters:
        if term.but is None and term.indices and letter != term.indices[0].base:
            but = Condition(term.indices[0], "ne", Name(letter))
            yield Edit(replace(term, but=but), "sum-range", 2.5, span)
    body = term.body
    while _is_bracket(body):
        body = body.terms[0]  # type: ignore[attr-defined]
    if isinstance(body, Terms) and len(body.terms) > 1:
        # A bracket too far: what does not belong under the sum.
        for place in range(1, len(body.terms)):
            inner = Terms(body.terms[:place]) if place > 1 else body.terms[0]
            outer = Terms((replace(term, body=_summable(inner)), *body.terms[place:]), span=span)
            yield Edit(Terms((outer,), span=span), "scope-of-operator", 1.4, _span(body.terms[place]))


def _letter(term: Total) -> str:
    return term.indices[0].base if term.indices else ""


def _product(term: Product, around: Surroundings) -> Iterator[Edit]:
    factors, signs, span = term.factors, term.signs, term.span
    for place, factor in enumerate(factors):
        rest = factors[:place] + factors[place + 1 :]
        kept = signs[1:] if place == 0 else signs[: place - 1] + signs[place:]
        without = rest[0] if len(rest) == 1 else Product(rest, kept, span=span)
        yield Edit(without, _extra_code(factor), 2.2, _span(factor), _size_note(factor))
    for place, sign in enumerate(signs):
        if not around.has_matrices:
            break
        other = Times.JUXTAPOSED if sign.is_elementwise else Times.HADAMARD
        changed = (*signs[:place], other, *signs[place + 1 :])
        yield Edit(replace(term, signs=changed), "hadamard", 1.2, span)
        if sign.is_elementwise:
            for which in (place, place + 1):
                turned = list(factors)
                turned[which] = Transposed(_grouped(factors[which]))
                yield Edit(Product(tuple(turned), changed, span=span), "hadamard", 1.6, span)
                swapped = list(turned)
                swapped[place], swapped[place + 1] = turned[place + 1], turned[place]
                yield Edit(Product(tuple(swapped), changed, span=span), "hadamard", 1.8, span)
        swapped = list(factors)
        swapped[place], swapped[place + 1] = factors[place + 1], factors[place]
        yield Edit(Product(tuple(swapped), signs, span=span), "transposed", 1.5, span, "order")
        for which in (place, place + 1):
            turned = list(swapped)
            turned[which] = turned[which].body if isinstance(turned[which], Transposed) else Transposed(_grouped(turned[which]))  # type: ignore[attr-defined]
            yield Edit(Product(tuple(turned), signs, span=span), "transposed", 2.2, span, "order")
    for letter in around.missing:
        for place in range(len(factors)):
            body = factors[place] if place == len(factors) - 1 else Product(factors[place:], signs[place:])
            total = Total("sum", (Name(letter),), None, None, None, body)
            if place:
                yield Edit(Product((*factors[:place], total), signs[:place], span=span), "sum-missing", 1.4, span, letter)
    for factor in around.factors:
        code = "activation-missing" if isinstance(factor, Call) and factor.function.primes else "chain-factor-missing"
        yield Edit(_times(term, factor), code, 3, span)


def _size_note(factor: Term) -> str:
    """1/n, in words."""
    if isinstance(factor, Quotient) and isinstance(factor.below, Name):
        return f"1/{factor.below.base}"
    return "extra"


def _extra_code(factor: Term) -> str:
    if isinstance(factor, Number):
        return "factor"
    if isinstance(factor, Quotient):
        return "mean-twice"
    if isinstance(factor, Derivative):
        return "chain-factor-missing"
    if isinstance(factor, Call) and factor.function.primes:
        return "activation-derivative"
    return "factor"


def _quotient(term: Quotient, around: Surroundings) -> Iterator[Edit]:
    span = term.span
    yield Edit(Quotient(term.below, term.above, span=span), "wrong-power", 3, span)
    if isinstance(term.below, (Name, Number)):
        yield Edit(term.above, "mean-twice" if isinstance(term.below, Name) else "factor", 1.5, span, "extra")
        for name in around.sizes:
            if isinstance(term.below, Name) and term.below.base != name:
                yield Edit(replace(term, below=Name(name)), "wrong-count", 1.2, span, name)


def _name(term: Name, around: Surroundings) -> Iterator[Edit]:
    span = term.span
    for place, index in enumerate(term.sub):
        if not isinstance(index, Name):
            continue
        for letter in around.letters:
            if letter != index.base or index.sub:
                changed = (*term.sub[:place], Name(letter), *term.sub[place + 1 :])
                yield Edit(replace(term, sub=changed), "wrong-index", 1.2, span, letter)
    if len(term.sub) == 2:
        yield Edit(replace(term, sub=term.sub[::-1]), "wrong-index", 1, span)
    if len(term.sub) == 1 and isinstance(term.sub[0], Name) and len(term.sub[0].sub) == 1:
        yield Edit(replace(term, sub=(replace(term.sub[0], sub=()),)), "wrong-index", 1.5, span)
    for letter in around.letters:
        yield Edit(replace(term, sub=(*term.sub, Name(letter))), "wrong-index", 2.2, span, letter)
    if term.sub:
        yield Edit(replace(term, sub=term.sub[:-1]), "wrong-index", 2.4, span)
        yield Edit(replace(term, sub=term.sub[1:]), "wrong-index", 2.4, span)
    for script_place, script in enumerate(term.sup):
        if isinstance(script.body, (Number, Name)):
            rest = term.sup[:script_place] + term.sup[script_place + 1 :]
            yield Edit(replace(term, sup=rest), "wrong-power", 2, span)
        if isinstance(script.body, Number):
            for step in (-1.0, 1.0):
                number = script.body.value + step
                body = Number(number, f"{number:g}")
                changed_sup = (*term.sup[:script_place], replace(script, body=body), *term.sup[script_place + 1 :])
                yield Edit(replace(term, sup=changed_sup), "wrong-operand", 2, span)
    yield Edit(Power(term, Number(2.0, "2"), span=span), "wrong-power", 2, span, "square")
    for other in around.names:
        if (other.base, other.accent, other.sup) == (term.base, term.accent, term.sup) and not around.has_matrices:
            continue
        if other == term:
            continue
        if len(other.sub) == len(term.sub):
            # The other quantity where this one stands: with its own scripts, or with these.
            yield Edit(replace(other, span=span), "wrong-operand", 2, span)
            if other.sub != term.sub and all(isinstance(i, Name) for i in term.sub):
                yield Edit(replace(other, sub=term.sub, span=span), "wrong-operand", 2.1, span)
    if around.has_matrices:
        yield Edit(Transposed(term, span=span), "transposed", 1, span)
        for other in around.names:
            if other != term and len(other.sub) == len(term.sub):
                yield Edit(Transposed(replace(other, span=span)), "wrong-operand", 3, span)


def _number(term: Number, around: Surroundings) -> Iterator[Edit]:
    span = term.span
    for number, text in ((1.0, "1"), (2.0, "2"), (0.0, "0"), (3.0, "3"), (4.0, "4")):
        if number != term.value:
            yield Edit(Number(number, text, span=span), "factor", 2, span, text)
    yield Edit(Quotient(Number(1.0, "1"), term, span=span), "factor", 2.5, span)
    if term.value == 1.0:
        for first in around.letters:
            for second in around.letters:
                if first < second and around.letters[first] == around.letters[second]:
                    delta = Name("delta", sub=(Name(first), Name(second)), span=span)
                    yield Edit(delta, "softmax-jacobian", 2, span)
        if around.has_matrices:
            yield Edit(Name("1", font="bold", span=span), "sum-missing", 1.5, span, "the samples")


def _derivative(term: Derivative, around: Surroundings) -> Iterator[Edit]:
    span = term.span
    for variable in around.variables:
        if (variable,) != term.by:
            yield Edit(replace(term, by=(variable,)), "wrong-variable", 1.5, span)
    for place, edit in enumerate(_by_edits(term, around)):
        yield Edit(replace(term, by=(edit,)), "wrong-index", 1.8 + 0.01 * place, span)
    if term.form == "operator" and term.of is not None:
        body = term.of
        if isinstance(body, Terms) and len(body.terms) > 1:
            for place in range(1, len(body.terms)):
                inner = body.terms[0] if place == 1 else Terms(body.terms[:place])
                yield Edit(Terms((Terms((replace(term, of=inner), *body.terms[place:])),), span=span), "scope-of-operator", 1.5, span)
        yield Edit(_grouped(body), "derivative-lost", 3, span, "extra")


def _by_edits(term: Derivative, around: Surroundings) -> Iterator[Name]:
    if term.by and isinstance(term.by[0], Name):
        for edit in _name(term.by[0], replace_matrices(around)):
            if edit.code == "wrong-index" and isinstance(edit.term, Name):
                yield edit.term


def replace_matrices(around: Surroundings) -> Surroundings:
    """The surroundings without what is only for matrices."""
    return replace(around, has_matrices=False, names=())


def _cases(term: Cases) -> Iterator[Edit]:
    span = term.span
    values = [value for value, _ in term.branches]
    if len(values) == 2:
        swapped = tuple((value, condition) for value, (_, condition) in zip(values[::-1], term.branches, strict=True))
        yield Edit(replace(term, branches=swapped), "activation-derivative", 1.5, span)
    for place, (value, condition) in enumerate(term.branches):
        if condition is not None and condition.sign in FLIPPED_SIGNS:
            changed = list(term.branches)
            changed[place] = (value, replace(condition, sign=FLIPPED_SIGNS[condition.sign]))
            yield Edit(replace(term, branches=tuple(changed)), "activation-derivative", 2, span)


def _call(term: Call, around: Surroundings) -> Iterator[Edit]:
    span = term.span
    function = term.function
    if function.primes:
        yield Edit(replace(term, function=replace(function, primes=0)), "activation-derivative", 2, span)
        for argument in around.names:
            if (argument,) != term.arguments:
                yield Edit(replace(term, arguments=(argument,)), "activation-argument", 1.6, span)
    else:
        yield Edit(replace(term, function=replace(function, primes=1)), "activation-derivative", 2, span)
        if len(term.arguments) == 1:
            yield Edit(_grouped(term.arguments[0]), "wrong-operand", 2.5, span)
            yield Edit(replace(term, arguments=(_negated(term.arguments[0]),)), "term-sign", 2, span)


def combined(first: Sequence[Edit], around: Surroundings) -> Iterator[Edit]:
    """Pairs of changes: a cheap one, and another in what came of it."""
    for edit in first:
        for second in edits(edit.term, around):
            yield replace(second, code=edit.code, cost=edit.cost + second.cost, note=f"{edit.note}|{second.code}|{second.note}")
