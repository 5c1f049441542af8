"""The grammar of atoms: numbers, letters, words, macros and fonts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..faults import FormulaError, UnknownMacroError
from ..source.tokens import Kind, Token
from ..terms import Dots, Name, Number, Power, Quotient, Span, Term, Transposed
from . import conditions, derivatives, enclosed
from .cursor import shown, unexpected
from .lexicon import ACCENTS, DOTS, FONTS, FRACTIONS, FUNCTIONS, GREEK, SAME_LETTER, TYPED_WORDS

if TYPE_CHECKING:
    from .sides import Parser


def atom(parser: Parser, *, index: bool) -> Term:
    """A number, a name, a fraction, something in brackets; as an index, letters are never words."""
    token = parser.peek
    if token.kind is Kind.OPEN:
        return _group(parser, index=index)
    parser.next()
    match token.kind:
        case Kind.NUMBER:
            return _number(parser, token)
        case Kind.LETTER:
            return Name(token.text, span=(token.start, token.end)) if index else _letter(parser, token)
        case Kind.TEXT:
            upright = derivatives.upright_differential(parser, token) if derivatives.is_d(token) and not index else None
            return upright or word(token.text, (token.start, token.end))
        case Kind.BEGIN:
            return enclosed.environment(parser, token)
        case Kind.MACRO:
            return _macro(parser, token)
        case Kind.SYMBOL:
            return enclosed.symbol(parser, token)
        case _:
            raise unexpected(token)


def _number(parser: Parser, token: Token) -> Term:
    if token.text == "1" and parser.is_next("lbrace", "[", "_") and (said := conditions.indicator(parser, token.start)):
        return said
    number = Number(value_of(token.text), token.text, span=(token.start, token.end))
    if parser.is_next("%"):
        percent = parser.next()
        return Quotient(number, Number(100.0, "100"), span=(token.start, percent.end))
    return number


def _group(parser: Parser, *, index: bool) -> Term:
    """What stands in braces, which say nothing."""
    start = parser.peek.start
    inside = parser.braced()
    span = parser.span_from(start)
    if not inside:
        if parser.at_end:
            raise FormulaError("these braces are empty, and nothing follows", *span)
        return parser.factor()
    if parts := derivatives.at_over(inside):
        # An operator such as {d \over dx} takes what stands after the braces.
        return derivatives.divided(parser, *parts, span)
    if index:
        indices = parser.indices(inside)
        if len(indices) == 1:
            return indices[0]
    body = parser.whole(inside)
    return body.at(span) if isinstance(body, (Name, Number)) else body


def _letter(parser: Parser, token: Token) -> Term:
    typed = _typed_word(parser)
    if typed:
        parser.place += len(typed) - 1
        return word(typed, parser.span_from(token.start))
    if token.text == "d" and derivatives.is_differential(parser):
        return derivatives.differential(parser, token)
    if token.text == "I" and parser.is_next("lbrace", "[", "(") and (said := conditions.indicator(parser, token.start)):
        return said
    return Name(token.text, span=(token.start, token.end))


def _typed_word(parser: Parser) -> str:
    """A word typed letter by letter: ln, exp, softmax, or anything of five letters and more."""
    begin = end = parser.place - 1
    while end < len(parser.tokens) and parser.tokens[end].kind is Kind.LETTER and not (
        end > begin and parser.tokens[end].spaced
    ):  # fmt: skip
        end += 1
    run = "".join(token.text for token in parser.tokens[begin:end])
    typed = next((known for known in TYPED_WORDS if run.startswith(known)), "")
    return typed or (run if len(run) >= 5 else "")


def _macro(parser: Parser, token: Token) -> Term:
    here, name = (token.start, token.end), token.text
    if name in GREEK:
        return Name(SAME_LETTER.get(name, name), span=here)
    if name in ACCENTS:
        return _accented(parser, name, token)
    if name in FONTS:
        return _in_font(parser, name, token)
    if name in FRACTIONS:
        return derivatives.fraction(parser, token)
    if name == "sqrt":
        return _root(parser, token)
    if name == "Pr":
        return Name("Pr", font="text", span=here)
    if name in FUNCTIONS or name in {"Tr", "arg"}:
        return Name(name.lower(), font="text", span=here)
    if name in DOTS:
        return Dots(span=here)
    if name in {"infty", "emptyset"}:
        raise FormulaError(f"{shown(token)} has no value here", *here)
    if name == "binom":
        raise FormulaError("binomials are not read", *here)
    raise UnknownMacroError(name, *here)


def _root(parser: Parser, token: Token) -> Term:
    if parser.is_next("["):
        raise FormulaError("only square roots are read", token.start, parser.peek.end)
    body = _argument(parser, token)
    return Power(body, Number(0.5, "1/2"), span=parser.span_from(token.start))


def _argument(parser: Parser, token: Token) -> Term:
    """The argument of a macro, in braces or not.

    Raises:
        FormulaError: there is none.
    """
    if parser.at_end:
        raise FormulaError(f"{shown(token)} lacks its argument", token.start, token.end)
    if parser.peek.kind is not Kind.OPEN:
        return parser.atom()
    inside = parser.braced()
    if not inside:
        raise FormulaError(f"{shown(token)} has an empty argument", token.start, parser.last_end)
    return parser.whole(inside)


def _accented(parser: Parser, name: str, token: Token) -> Term:
    body = _argument(parser, token)
    span = parser.span_from(token.start)
    if isinstance(body, Transposed) and isinstance(body.body, Name):
        return Transposed(replace(body.body, accent=ACCENTS[name]), span=span)
    if not isinstance(body, Name):
        raise FormulaError(f"\\{name} stands over something that is no name", *span)
    return replace(body, accent=ACCENTS[name] or body.accent, span=span)


def _in_font(parser: Parser, name: str, token: Token) -> Term:
    font = FONTS[name]
    if name in {"bf", "cal"} and not parser.at_end and parser.peek.kind is not Kind.OPEN:
        return _set_in(parser, parser.atom(), font, token)
    if not parser.at_end and parser.peek.kind is Kind.OPEN and font != "blackboard":
        begin = parser.place
        letters = parser.braced()
        text = "".join(letter.text for letter in letters)
        is_word = len(letters) > 1 and all(letter.kind is Kind.LETTER for letter in letters)
        if is_word and (text.lower() in FUNCTIONS or len(text) > 2):
            return word(text, parser.span_from(token.start))
        parser.place = begin
    return _set_in(parser, _argument(parser, token), font, token)


def _set_in(parser: Parser, body: Term, font: str, token: Token) -> Term:
    """The same name in a font; a bold or doubled 1 before a condition is an indicator."""
    span = parser.span_from(token.start)
    text = body.text if isinstance(body, Number) else body.base if isinstance(body, Name) else ""
    if font and text in {"1", "I"} and (said := conditions.indicator(parser, token.start)):
        return said
    if isinstance(body, Name):
        return replace(body, font=font or body.font, span=span)
    return Name(body.text, font=font, span=span) if font and isinstance(body, Number) else body


def value_of(text: str) -> float:
    """The value of a number as typed; a comma parts thousands, or before other than three digits, decimals.

    >>> value_of("1{,}000"), value_of("50,890"), value_of("0{,}5"), value_of("1e-3")
    (1000.0, 50890.0, 0.5, 0.001)
    """
    parts = text.replace("{,}", ",").replace(r"\,", ",").split(",")
    is_decimal = len(parts) == 2 and len(parts[1]) != 3
    return float(".".join(parts) if is_decimal else "".join(parts))


def word(text: str, span: Span) -> Term:
    """A name of several letters, such as softmax or loss; digits set as text are a number."""
    text = text.strip()
    if text.isdecimal():
        return Number(float(text), text, span=span)
    known = text.lower().replace("-", "").replace(" ", "")
    if text in {"d", "T"} or not text:
        return Name(text, span=span)
    return Name(known if known in FUNCTIONS else text, font="text", span=span)
