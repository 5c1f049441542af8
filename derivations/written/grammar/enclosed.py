"""The grammar of what stands between two signs: brackets, bars, matrices, cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..faults import FormulaError
from ..source.brackets import OPENING
from ..source.tokens import Kind, Token
from ..terms import Call, Dots, Grid, Indicator, Name, Norm, Span, Term, Terms
from . import conditions, scripts
from .cursor import at_signs, relation, relation_places, unexpected
from .lexicon import CASES, MATRICES

if TYPE_CHECKING:
    from .sides import Parser


def symbol(parser: Parser, token: Token) -> Term:
    """What begins with this sign, taken just before: brackets, bars, dots.

    Raises:
        FormulaError: nothing begins with it.
    """
    if token.text in {"|", "‖"}:
        return _bars(parser, token)
    if token.is_symbol(".") and parser.is_next("."):
        while parser.is_next("."):
            parser.next()
        return Dots(span=parser.span_from(token.start))
    if token.text not in OPENING:
        raise unexpected(token)
    if token.text == "lbrace" and not parser.at_end and parser.peek.kind is Kind.BEGIN:
        return _braced_cases(parser, token)
    parser.place -= 1
    inside = parser.bracketed()
    span = parser.span_from(token.start)
    if not inside:
        raise FormulaError("these brackets are empty", *span)
    if token.text == "lbrace" and scripts.is_range_next(parser):
        # {x_i}_{i=1}^n, a set numbered by i.
        while parser.is_next("_", "^"):
            parser.next()
            parser.script()
        return Call(
            Name("set", font="text"), conditions.listed(parser, inside, ","), span=parser.span_from(token.start)
        )
    return _inside_brackets(parser, token.text, inside, span)


def _inside_brackets(parser: Parser, opening: str, inside: list[Token], span: Span) -> Term:
    """A term in brackets; a list is a vector, a set or an inner product, a condition an indicator."""
    places = relation_places(inside)
    if places and (opening == "[" or (opening == "(" and _is_comparison(inside, places[0]))):
        said = conditions.condition(parser, inside)
        if said is not None:
            return Indicator(said, span=span)
    separators = (",", ";", "|") if opening == "⟨" else (",", ";")
    if any(token.is_symbol(*separators) for token in inside) and len(at_signs(inside, *separators)) > 1:
        parts = conditions.listed(parser, inside, *separators)
        if opening in {"(", "["}:
            return Grid((parts,), span=span)
        return Call(Name("inner" if opening == "⟨" else "set", font="text"), parts, span=span)
    # (y - z)^2 raises the bracket; a name in brackets is no name with scripts.
    return Terms((parser.whole(inside),), span=span)


def _bars(parser: Parser, token: Token) -> Term:
    """|x|, ||x|| typed as two bars, or the norm."""
    is_doubled = token.text == "|" and parser.is_next("|")
    begin = parser.place + is_doubled
    depth = 0
    for end in range(begin, len(parser.tokens)):
        other, following = parser.tokens[end], parser.tokens[end + 1] if end + 1 < len(parser.tokens) else None
        depth += 1 if other.kind is Kind.OPEN or other.is_symbol(*OPENING) else 0
        depth -= 1 if other.kind is Kind.CLOSE or other.is_symbol(*OPENING.values()) else 0
        is_end = other.is_symbol(token.text) and end > begin
        if depth == 0 and is_end and not (is_doubled and not (following is not None and following.is_symbol("|"))):
            body = parser.whole(parser.tokens[begin:end])
            parser.place = end + 1 + is_doubled
            is_bar = token.text == "|" and not is_doubled
            return Norm(body, "2", is_bar=is_bar, span=parser.span_from(token.start))
    raise FormulaError("a bar is opened here and not closed", token.start, token.end)


def environment(parser: Parser, token: Token) -> Term:
    """A matrix, or cases."""
    inside = parser.environment(token)
    span = parser.span_from(token.start)
    name = token.text.rstrip("*")
    if name in CASES:
        return conditions.cases(parser, inside, span)
    if name in MATRICES:
        rows = [row for row in conditions.cells(inside) if any(row)]
        if not rows:
            raise FormulaError("this matrix is empty", *span)
        return Grid(tuple(tuple(parser.whole(cell) for cell in row if cell) for row in rows), span=span)
    raise FormulaError(f"the environment {token.text} is not read here", token.start, token.end)


def _braced_cases(parser: Parser, token: Token) -> Term:
    r"""\left\{ \begin{array}...: cases by hand."""
    inside = parser.environment(parser.next())
    if parser.is_next("rbrace"):
        parser.next()
    return conditions.cases(parser, inside, parser.span_from(token.start))


def _is_comparison(tokens: Sequence[Token], place: int) -> bool:
    """(z > 0) is 1 or 0; (a = b) in round brackets is a remark, but (a == b) is not."""
    is_double = place + 1 < len(tokens) and tokens[place].is_symbol("=") and tokens[place + 1].is_symbol("=")
    return is_double or relation(tokens[place]) not in {"=", "in"}
