"""The grammar of derivatives: fractions of partial signs, operators and what they reach, nabla, \\partial_k, dW."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..faults import FormulaError
from ..source.brackets import OPENING, depth_change
from ..source.tokens import Kind, Token
from ..terms import Call, Derivative, Name, Number, Power, Quotient, Raised, Span, Term, Transposed
from .cursor import Cursor, at_signs
from .lexicon import ACCENTS, FONTS, GREEK
from .reading import Reach

if TYPE_CHECKING:
    from .sides import Parser


def is_d(token: Token) -> bool:
    """Is it a d, in whatever letters?"""
    return token.kind in {Kind.LETTER, Kind.TEXT} and token.text.strip() == "d"


# Fractions ------------------------------------------------------------------------------------------------------------


def fraction(parser: Parser, token: Token) -> Term:
    """A fraction: a derivative, a derivative sign with what follows it, or a quotient."""
    above, below = _argument(parser, token), _argument(parser, token)
    return divided(parser, above, below, parser.span_from(token.start))


def divided(parser: Parser, above: list[Token], below: list[Token], span: Span) -> Term:
    """What a fraction of these parts says; an operator takes from the parser what it reaches."""
    sign = _sign(above, below)
    if not sign:
        return Quotient(parser.whole(above), parser.whole(below), span=span)
    of, order = _numerator(parser, above, sign, span)
    names = _denominator(parser, below, sign, order)
    missing = "below" if not _is_sign(below[0], sign) else "above" if not _is_sign(above[0], sign) else ""
    return _derivative(parser, of, names, span, missing)


def at_over(tokens: Sequence[Token]) -> tuple[list[Token], list[Token]] | None:
    """What stands before and after \\over outside all brackets, if it stands here."""
    place = next((place for place, token in enumerate(tokens) if token.is_macro("over")), None)
    depth = 0
    for token in tokens[: place or 0]:
        depth += depth_change(token)
    if place is None or depth:
        return None
    above, below = list(tokens[:place]), list(tokens[place + 1 :])
    if not above or not below:
        raise FormulaError("this fraction has an empty part", tokens[place].start, tokens[place].end)
    return above, below


def _argument(parser: Parser, token: Token) -> list[Token]:
    if parser.at_end:
        raise FormulaError("this fraction lacks an argument", token.start, token.end)
    begin = parser.place
    if parser.peek.kind is Kind.OPEN:
        inside = parser.braced()
        if not inside:
            raise FormulaError("this fraction has an empty part", token.start, parser.last_end)
        return inside
    parser.split_digits()
    parser.atom()
    return parser.tokens[begin : parser.place]


def _is_sign(token: Token, sign: str) -> bool:
    return is_d(token) if sign == "d" else token.is_macro(sign)


def _sign(above: Sequence[Token], below: Sequence[Token]) -> str:
    """Is this fraction a derivative, and by which sign? One partial sign of the two is enough; of d both are needed."""
    if above[0].is_macro("partial"):
        # d_k L / L, and dL/dz over something, are quotients.
        is_other = len(above) > 1 and (above[1].is_symbol("_") or any(token.is_symbol("/") for token in above))
        return "" if is_other else "partial"
    if below[0].is_macro("partial"):
        return "" if above[0].kind is Kind.NUMBER else "partial"
    is_name = any(len(part) > 1 and part[1].is_symbol("_") for part in (above, below))
    if len(below) == 1 or is_name:
        return ""
    if above[0].is_macro("delta") and below[0].is_macro("delta") and len(above) > 1:
        # A delta for the partial sign, above and below.
        return "delta"
    return "d" if is_d(above[0]) and is_d(below[0]) else ""


def _numerator(parser: Parser, above: list[Token], sign: str, span: Span) -> tuple[Term | None, int]:
    """What is differentiated, None for an operator, and how often."""
    if not _is_sign(above[0], sign):
        return parser.whole(above), 1
    cursor = Cursor(above)
    cursor.next()
    order = 1
    if cursor.is_next("^"):
        cursor.next()
        order = _order(cursor.script(), span)
    rest = cursor.tokens[cursor.place :]
    return (parser.whole(rest) if rest else None), order


def _order(tokens: Sequence[Token], span: Span) -> int:
    number = tokens[0].text if len(tokens) == 1 else ""
    if number not in {"1", "2", "3", "4"}:
        raise FormulaError("how often this differentiates is not written as a number", *span)
    return int(number)


def _denominator(parser: Parser, below: list[Token], sign: str, order: int) -> tuple[Term, ...]:
    """What it differentiates by, one for each time; a sign that is missing is put in before a name."""
    is_missing = not _is_sign(below[0], sign)
    if order == 1:
        parts = [below if is_missing else below[1:]]
    else:
        parts = [part for part in _at_derivative_signs(below, sign) if part]
    if not parts or not all(parts):
        raise FormulaError("something to differentiate by is missing below", below[0].start, below[-1].end)
    names: list[Term] = []
    for part in parts:
        # Where there are as many parts as derivatives, sigma^2 is a variance.
        times, by = (1, parser.whole(part)) if order == len(parts) else _repeated(parser.whole(part))
        names += [by] * times
    if len(names) != order:
        raise FormulaError("the numbers of derivatives above and below differ", below[0].start, below[-1].end)
    if is_missing and not isinstance(names[0], Name):
        raise FormulaError("a second \\partial is expected below", below[0].start, below[-1].end)
    return tuple(names)


def _at_derivative_signs(below: Sequence[Token], sign: str) -> list[list[Token]]:
    pieces: list[list[Token]] = [[]]
    depth = 0
    for place, token in enumerate(below):
        depth += {Kind.OPEN: 1, Kind.CLOSE: -1}.get(token.kind, 0)
        is_script = place > 0 and below[place - 1].is_symbol("_", "^")
        is_letter = sign == "d" and len(pieces) > 1 and not pieces[-1]
        if _is_sign(token, sign) and depth == 0 and not is_script and not is_letter:
            pieces.append([])
        else:
            pieces[-1].append(token)
    return pieces


def _repeated(by: Term) -> tuple[int, Term]:
    """How often, and what: w^2 below a derivative sign is w, twice."""
    if isinstance(by, Name) and by.sup:
        last = by.sup[-1]
        if last.raised is Raised.BARE and isinstance(last.body, Number) and last.body.value in {2, 3, 4}:
            return int(last.body.value), replace(by, sup=by.sup[:-1])
    if isinstance(by, Power) and isinstance(by.exponent, Number) and by.exponent.value in {2, 3, 4}:
        # (sigma^2)^2
        return int(by.exponent.value), by.base
    return 1, by


def _derivative(parser: Parser, of: Term | None, names: tuple[Term, ...], span: Span, missing: str = "") -> Term:
    """The derivative by each of the names, the last one innermost."""
    form = "partial" if of is not None else "operator"
    if of is None:
        of = _reached_by(parser, span)
        span = (span[0], of.span[1])
    if len(names) == 2 and isinstance(names[1], Transposed) and names[1].body == names[0]:
        names, form = (names[0], names[0]), "hessian"
    for by in reversed(names[1:]):
        inner = "operator" if form == "operator" else "partial"
        of = Derivative(of, (by,), form=inner, missing=missing, span=span)
    return Derivative(of, names[:1], form=form, missing=missing, span=span)


def _reached_by(parser: Parser, span: Span) -> Term:
    """What a derivative sign reaches: a bracket alone, or without one the rest of the term."""
    if parser.at_end or parser.is_next(")", "]", "+"):
        raise FormulaError("nothing stands after this derivative sign", *span)
    is_bracket = parser.is_next(*OPENING)
    reach = parser.reading.derivative
    return parser.reached(Reach.NEAR if is_bracket and reach is Reach.TERM else reach)


# On one line ----------------------------------------------------------------------------------------------------------


def starts_inline(parser: Parser) -> bool:
    """Does \\partial J / \\partial w begin here, or dJ/dw?"""
    token = parser.peek
    if token.is_macro("partial"):
        return True
    if not is_d(token):
        return False
    following = parser.ahead()
    if following is None or following.spaced:
        return False
    slash = parser.place + 1 if following.is_symbol("/") else _after_name(parser, parser.place + 1)
    tokens = parser.tokens[slash : slash + 2]
    return len(tokens) == 2 and tokens[0].is_symbol("/") and is_d(tokens[1])


def _after_name(parser: Parser, place: int) -> int:
    """The place after the name with scripts that begins here; far off where none does."""
    cursor = Cursor(parser.tokens)
    cursor.place = place
    try:
        token = cursor.next()
        if token.kind is Kind.MACRO and token.text in ACCENTS.keys() | FONTS.keys():
            cursor.skip_group()
        elif token.is_symbol("("):
            cursor.place -= 1
            cursor.bracketed()
        elif token.kind not in {Kind.LETTER, Kind.TEXT} and not (token.kind is Kind.MACRO and token.text in GREEK):
            return len(cursor.tokens)
        while cursor.is_next("^", "_", "'"):
            if cursor.next().text != "'":
                cursor.script()
        if cursor.is_next("("):
            cursor.bracketed()
    except FormulaError:
        return len(cursor.tokens)
    return cursor.place


def inline(parser: Parser) -> Term:
    r"""\partial J/\partial w, dJ/dw, \partial/\partial w with what it reaches, or \partial_k with what it reaches."""
    token = parser.next()
    sign = "partial" if token.kind is Kind.MACRO else "d"
    order = 1
    if parser.is_next("_"):
        return _by_index(parser, token)
    if parser.is_next("^"):
        parser.next()
        order = _order(parser.script(), (token.start, parser.last_end))
    of = None if parser.is_next("/") else parser.scripted(parser.atom())
    if not parser.is_next("/"):
        raise FormulaError("\\partial stands alone: write \\frac{\\partial A}{\\partial B}", token.start, token.end)
    parser.next()
    if parser.at_end or not _is_sign(parser.peek, sign):
        raise FormulaError("after \\partial .../ a second \\partial is expected", token.start, parser.last_end)
    names: list[Term] = []
    while len(names) < order and not parser.at_end and _is_sign(parser.peek, sign):
        parser.next()
        times, by = (1, parser.scripted(parser.atom())) if order == 1 else _repeated(parser.scripted(parser.atom()))
        names += [by] * times
    span = parser.span_from(token.start)
    if len(names) != order:
        raise FormulaError("the numbers of derivatives before and after the slash differ", *span)
    return _derivative(parser, of, tuple(names), span)


def _by_index(parser: Parser, token: Token) -> Term:
    """\\partial_k L: the derivative by the k-th of what the document says, or by the name below."""
    parser.next()
    by = tuple(parser.whole(part) for part in at_signs(parser.script(), ",") if part)
    if not by:
        raise FormulaError("\\partial has an empty subscript", token.start, parser.last_end)
    body = parser.reached(Reach.NEAR)
    return Derivative(body, by, form="index", span=parser.span_from(token.start))


def differential(parser: Parser, token: Token) -> Term:
    """dZ, dW, db: the derivative of the loss, as some courses name it."""
    of = parser.scripted(parser.atom())
    return Derivative(None, (of,), form="named", span=parser.span_from(token.start))


def is_differential(parser: Parser) -> bool:
    """Does the d taken just before name a derivative?"""
    if parser.at_end or parser.peek.spaced:
        return False
    return parser.peek.kind is Kind.LETTER or parser.peek.is_macro("mathbf", "hat", "boldsymbol", "theta", "tilde")


def upright_differential(parser: Parser, token: Token) -> Term | None:
    r"""\mathrm d W, the differential, which says nothing of a loss."""
    if parser.at_end or not (
        parser.peek.kind is Kind.LETTER
        or (parser.peek.kind is Kind.MACRO and parser.peek.text in {*GREEK, *ACCENTS, *FONTS})
    ):
        return None
    of = parser.scripted(parser.atom())
    return Call(Name("differential", font="text"), (of,), span=parser.span_from(token.start))


# Nabla ----------------------------------------------------------------------------------------------------------------


def gradient(parser: Parser) -> Term:
    """Nabla with what it differentiates by, and what; squared, the matrix of second derivatives."""
    token = parser.next()
    by: tuple[Term, ...] = ()
    is_second = False
    while parser.is_next("_", "^"):
        if parser.next().text == "_":
            by = tuple(parser.whole(part) for part in at_signs(parser.script(), ",") if part)
        else:
            is_second = _order(parser.script(), (token.start, parser.last_end)) == 2
            if not is_second:
                raise FormulaError("only the first and the second power of \\nabla are read", token.start, token.end)
    if parser.at_end:
        raise FormulaError("nothing stands after \\nabla", token.start, token.end)
    body = parser.reached(parser.reading.nabla)
    span = (token.start, body.span[1])
    first = Derivative(body, by, form="nabla", span=span)
    return Derivative(first, by, form="hessian", span=span) if is_second else first
