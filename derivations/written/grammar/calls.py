"""The grammar of functions and their arguments, in brackets or without."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..faults import FormulaError
from ..source.tokens import Kind, Token
from ..terms import Call, Name, Number, Product, Term, Times
from . import conditions, scripts
from .cursor import at_signs
from .lexicon import FUNCTIONS, NEVER_CALLED, PREFIXED, TRANSPOSES
from .probabilities import probability
from .reading import Reach

if TYPE_CHECKING:
    from .sides import Parser

_FUNCTION_LETTERS = {"sigma", "phi", "psi", "f", "g", "h", "rho", "s", "S"}
"""Letters that usually stand for a function."""


def called(parser: Parser, base: Term) -> Term:
    """A name that is a function, with its argument; anything else as it is."""
    if isinstance(base, Name) and not parser.at_end and (said := probability(parser, base)) is not None:
        return said
    if isinstance(base, Name) and not parser.at_end and _is_function(parser, base):
        parser.deeper()
        base = _call(parser, base)
        parser.depth -= 1
    return base


def _is_function(parser: Parser, name: Name) -> bool:
    """Is what follows its argument? Decided for names that are functions everywhere; others stay products."""
    if name.base in FUNCTIONS and name.font == "text":
        is_prefix = name.base in PREFIXED and (parser.starts_factor() or parser.is_next("-"))
        return is_prefix or parser.is_next("(", "[", "lbrace")
    return parser.is_next("(") and _looks_called(parser, name)


def _looks_called(parser: Parser, name: Name) -> bool:
    """A letter before brackets that hold no sum with the letter itself: f(x), J(w, b), but not a(1 - a)."""
    inside = parser.tokens[parser.place + 1 : parser.matching(parser.place)]
    if not inside:
        return False
    if any(token.is_symbol(",", ";") for token in inside) and not name.sub:
        return True
    if name.base.isupper() and _is_transposed(parser.tokens, parser.matching(parser.place) + 1):
        # G (W)^T: a product with the transpose.
        return False
    if name.primes:
        return True
    if name.base in NEVER_CALLED:
        return False
    named = name.base in _FUNCTION_LETTERS and not name.sub
    if inside[0].kind is Kind.NUMBER:
        # f(0) and sigma(2z), but not x(2 - y).
        is_difference = len(inside) > 1 and inside[1].is_symbol("-", "+")
        return named and not _stands_in(inside, name) and (name.base == "sigma" or not is_difference)
    if inside[0].is_symbol("+") or (inside[0].is_symbol("-") and not named):
        return False
    if len(at_signs(inside, "+", "-")) > 1 and name.base.islower() and name.base not in _FUNCTION_LETTERS | {"l"}:
        # c_i (y_i - z_i): a weight before brackets, unlike L(theta + h).
        return False
    return not _stands_in(inside, name)


def _is_transposed(tokens: Sequence[Token], place: int) -> bool:
    """Does a transpose sign stand here?"""
    after = [token.text.strip() for token in tokens[place : place + 4] if token.kind not in {Kind.OPEN, Kind.CLOSE}]
    return len(after) > 1 and after[0] == "^" and after[1] in TRANSPOSES


def _call(parser: Parser, function: Name) -> Term:
    """A function and its argument, in brackets or without."""
    start = function.span[0]
    if parser.is_next("(", "[", "lbrace"):
        opening = parser.peek
        inside = parser.bracketed()
        if not inside:
            raise FormulaError("an argument is missing here", opening.start, parser.last_end)
        separators = (",", ";", "|") if _has_single_bar(inside) else (",", ";")
        arguments = conditions.listed(parser, inside, *separators)
        return scripts.scripted(parser, Call(function, arguments, span=parser.span_from(start)))
    if parser.is_next("-"):
        body = parser.signed_factor()
    elif parser.reading.function is Reach.NEAR or function.base in {"tr", "trace", "diag"}:
        body = _near(parser)
    else:
        body = _juxtaposed(parser)
    return Call(function, (body,), span=(start, body.span[1]))


def _near(parser: Parser) -> Term:
    """A number and the factor after it, or one factor."""
    first = parser.factor()
    if isinstance(first, Number) and not parser.at_end and parser.starts_factor():
        second = parser.factor()
        return Product((first, second), (Times.JUXTAPOSED,), span=(first.span[0], second.span[1]))
    return first


def _juxtaposed(parser: Parser) -> Term:
    factors = [parser.factor()]
    while not parser.at_end and parser.starts_factor() and not parser.peek.is_macro(*PREFIXED, "sum"):
        factors.append(parser.factor())
    if len(factors) == 1:
        return factors[0]
    span = (factors[0].span[0], factors[-1].span[1])
    return Product(tuple(factors), (Times.JUXTAPOSED,) * (len(factors) - 1), span=span)


def _has_single_bar(tokens: Sequence[Token]) -> bool:
    """p(y | x): one bar is no absolute value."""
    return sum(token.is_symbol("|") for token in tokens) == 1


def _stands_in(tokens: Sequence[Token], name: Name) -> bool:
    """Does the name itself stand in these tokens, other than as an index?"""
    return any(
        token.text == name.base and not (place and tokens[place - 1].is_symbol("_", "^"))
        for place, token in enumerate(tokens)
        if token.kind in {Kind.LETTER, Kind.MACRO, Kind.TEXT}
    )
