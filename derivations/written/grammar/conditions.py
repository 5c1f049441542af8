"""The grammar of conditions: cases, indicators, and what a sum runs over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..faults import FormulaError
from ..source.brackets import OPENING
from ..source.tokens import Kind, Token, tokenise
from ..terms import Cases, Condition, Indicator, Name, Span, Term, primed_letter
from .cursor import at_signs, relation, relation_places, without_ends

if TYPE_CHECKING:
    from .sides import Parser

Limits = tuple[tuple[Name, ...], Term | None, Condition | None]
"""The letters a sum binds, where it starts, and what it leaves out."""

_LINKING = ("if", "when", "for", "falls", "otherwise", "and", "where", "else", "wenn", "sonst")


def condition(parser: Parser, tokens: Sequence[Token]) -> Condition | None:
    """left = right, more of them joined by "and"; None where these tokens say no relation."""
    places = relation_places(tokens)
    if not places:
        return None
    place = places[0]
    sign = tokens[place]
    is_double = sign.is_macro("not") or (sign.is_symbol("=", "!") and _is_equals(tokens, place + 1))
    begin = place + 1 + is_double
    joined = next((p for p, token in enumerate(tokens[begin:], begin) if _joins(token)), len(tokens))
    # a < b < c says two things of b.
    chained = next((p for p in places if begin < p < joined), None)
    left = without_ends([token for token in tokens[:place] if token.kind is not Kind.TEXT], ",")
    right = list(tokens[begin : chained or joined])
    if not left or not right:
        return None
    first, second = (primed_letter(parser.whole(bound)) for bound in (left, right))
    also = condition(parser, tokens[begin:] if chained else tokens[joined + 1 :])
    return Condition(first, relation(sign), second, also, span=(tokens[0].start, tokens[-1].end))


def _is_equals(tokens: Sequence[Token], place: int) -> bool:
    return place < len(tokens) and tokens[place].is_symbol("=")


def _joins(token: Token) -> bool:
    return token.is_symbol(",", ";") or token.is_macro("wedge", "land", "quad", "qquad") or token.kind is Kind.TEXT


# Indicators -----------------------------------------------------------------------------------------------------------


def indicator(parser: Parser, start: int) -> Term | None:
    """After a 1 or I: the condition in the brackets or the subscript that follow, taken if one does."""
    begin = parser.place
    if parser.is_next("_"):
        parser.next()
        inside = [token for token in parser.script() if not token.is_symbol("lbrace", "rbrace", "[", "]", "(", ")")]
    elif parser.is_next(*OPENING) and not parser.is_next("⟨"):
        inside = parser.bracketed()
    else:
        return None
    said = condition(parser, inside)
    if said is None:
        parser.place = begin
        return None
    return Indicator(said, span=parser.span_from(start))


# Cases ----------------------------------------------------------------------------------------------------------------


def cases(parser: Parser, inside: Sequence[Token], span: Span) -> Term:
    """Values, each beside its condition, in the rows of an environment."""
    branches: list[tuple[Term, Condition | None]] = []
    for row in cells(inside):
        value = [token for token in row[0] if not token.is_macro("quad", "qquad")]
        beside = [token for cell in row[1:] for token in cell]
        if not value and not beside:
            continue
        if not beside:
            split = next((p for p, t in enumerate(value) if t.kind is Kind.TEXT or t.is_symbol(",")), len(value))
            value, beside = value[:split], value[split:]
        value = without_ends(value, ",", ";", ".")
        if not value:
            raise FormulaError("a case without a value", *span)
        branches.append((parser.whole(value), case_condition(parser, beside)))
    if not branches:
        raise FormulaError("these cases are empty", *span)
    return Cases(tuple(branches), span=span)


def case_condition(parser: Parser, tokens: Sequence[Token]) -> Condition | None:
    """The condition beside a value, in signs or in words; None for "otherwise"."""
    words = [token for token in tokens if token.kind is Kind.TEXT]
    signs = without_ends([token for token in tokens if token.kind is not Kind.TEXT], ",", ":", ";", ".")
    if relation_places(signs):
        return condition(parser, signs)
    written = " ".join(token.text for token in words).replace("$", " ")
    for word in _LINKING:
        written = written.replace(word + " ", " ")
    inner = [replace(token, start=words[0].start, end=words[-1].end) for token in tokenise(written)]
    return condition(parser, inner) if relation_places(inner) else None


def cells(tokens: Sequence[Token]) -> list[list[list[Token]]]:
    """The cells of an environment, row by row."""
    rows: list[list[list[Token]]] = [[[]]]
    depth = 0
    for token in tokens:
        depth += {Kind.OPEN: 1, Kind.BEGIN: 1, Kind.CLOSE: -1, Kind.END: -1}.get(token.kind, 0)
        if depth == 0 and token.is_symbol("&"):
            rows[-1].append([])
        elif depth == 0 and token.is_macro("\\", "cr"):
            rows.append([[]])
        else:
            rows[-1][-1].append(token)
    return [[_without_distance(row[0]), *row[1:]] for row in rows]


def _without_distance(cell: list[Token]) -> list[Token]:
    """Without the [2pt] that may follow a line break."""
    if len(cell) > 1 and cell[0].is_symbol("[") and cell[1].kind is Kind.NUMBER:
        end = next((place for place, token in enumerate(cell[:6]) if token.is_symbol("]")), None)
        unit = "".join(token.text for token in cell[2:end]) if end is not None else ""
        if end is not None and unit in {"pt", "em", "ex", "mm", "cm", "in"}:
            return cell[end + 1 :]
    return cell


# Sums -----------------------------------------------------------------------------------------------------------------


def limits(parser: Parser, tokens: Sequence[Token]) -> Limits:
    """What stands below a sum: i = 1, i, i != j, i in S, or several letters."""
    tokens = _lines_below(tokens)
    if not tokens:
        return (), None, None
    place = next((p for p, token in enumerate(tokens) if relation(token) and not _is_comma_before(tokens, p)), None)
    comma = next((p for p, token in enumerate(tokens) if token.is_symbol(",", ":", "|") or token.is_macro("mid")), None)
    if place is None:
        if comma is not None and relation_places(tokens[comma + 1 :]):
            return _bound(parser, tokens[:comma]), None, condition(parser, tokens[comma + 1 :])
        return _bound(parser, tokens), None, None
    sign = relation(tokens[place])
    if sign == "in":
        return _bound(parser, tokens[:place]), None, None
    if sign != "=":
        return _bound(parser, tokens[:place]), None, condition(parser, tokens)
    rest = tokens[place + 1 :]
    end = next((p for p, t in enumerate(rest) if t.is_symbol(",", ":") or t.is_macro("colon", "mid")), len(rest))
    start = parser.whole(rest[:end]) if rest[:end] else None
    but = condition(parser, rest[end + 1 :])
    return _bound(parser, tokens[:place]), start, but


def _is_comma_before(tokens: Sequence[Token], place: int) -> bool:
    """j, k != j: the relation says nothing of the letters before the comma. But i, j = 1 starts both."""
    return relation(tokens[place]) != "=" and any(token.is_symbol(",", ":", "|") for token in tokens[:place])


def _bound(parser: Parser, tokens: Sequence[Token]) -> tuple[Name, ...]:
    names = parser.indices(tokens) if tokens else ()
    found = tuple(name for name in names if isinstance(name, Name))
    if not found or len(found) < len(names):
        token = tokens[0] if tokens else parser.tokens[max(parser.place - 1, 0)]
        raise FormulaError("what a sum runs over must be a letter", token.start, token.end)
    return found


def _lines_below(tokens: Sequence[Token]) -> list[Token]:
    """The lines of \\substack or of an array below a sum, with commas between."""
    out: list[Token] = []
    for token in tokens:
        if token.is_macro("\\"):
            out.append(Token(Kind.SYMBOL, ",", token.start, token.end))
        elif not (token.is_macro("substack") or token.kind in {Kind.BEGIN, Kind.END} or token.is_symbol("&")):
            out.append(token)
    while out and out[0].kind is Kind.OPEN and out[-1].kind is Kind.CLOSE:
        out = out[1:-1]
    return without_ends(out, ",")


def listed(parser: Parser, tokens: Sequence[Token], *separators: str) -> tuple[Term, ...]:
    """The terms between commas.

    Raises:
        FormulaError: one is missing.
    """
    parts = at_signs(tokens, *separators)
    if not all(parts):
        raise FormulaError("something is missing beside a comma here", tokens[0].start, tokens[-1].end)
    return tuple(parser.whole(part) for part in parts)
