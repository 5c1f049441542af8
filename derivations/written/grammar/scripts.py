"""The grammar of sub- and superscripts, primes and factorials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..faults import FormulaError
from ..source.tokens import Kind, Token
from ..terms import Call, Entries, Name, Norm, Number, Power, Raised, Script, Span, Term, Transposed, primed_letter
from .conditions import indicator
from .cursor import Cursor, at_signs, relation_places
from .lexicon import LABELS, TRANSPOSES

if TYPE_CHECKING:
    from .sides import Parser


def scripted(parser: Parser, base: Term) -> Term:
    """A base with the scripts that follow it."""
    is_raised = False
    while not parser.at_end:
        token, following = parser.peek, parser.ahead()
        if token.kind is Kind.OPEN and following is not None and following.kind is Kind.CLOSE:
            # \sigma{}(z) and \phi {}; in a^{(2)}{}^T it lets a second superscript follow.
            parser.place += 2
            is_raised = False
        elif token.is_symbol("'"):
            parser.next()
            base = _primed(base, token)
        elif token.is_symbol("^"):
            parser.next()
            tokens = parser.script()
            if is_raised and not (_is_transpose(tokens) or _is_marks(tokens)):
                raise FormulaError("two superscripts stand here one after the other", token.start, parser.last_end)
            is_raised = True
            base = _raised(parser, base, tokens)
        elif token.is_symbol("_"):
            said = indicator(parser, base.span[0]) if isinstance(base, Name) and base.base in _INDICATORS else None
            if said is not None:
                base = said
                continue
            parser.next()
            base = _lowered(parser, base, parser.script())
        elif token.is_symbol("!") and not (following is not None and following.is_symbol("=")):
            parser.next()
            base = Call(Name("factorial", font="text"), (base,), span=(base.span[0], token.end))
        else:
            break
    return base


_INDICATORS = {"delta", "chi", "1", "I"}
"""Letters that say with a condition below whether it holds."""


def is_range_next(parser: Parser) -> bool:
    """Does a subscript such as _{i=1} come next?"""
    if not parser.is_next("_"):
        return False
    cursor = Cursor(parser.tokens)
    cursor.place = parser.place + 1
    return not cursor.at_end and bool(relation_places(cursor.script()))


def _primed(base: Term, token: Token) -> Term:
    if not isinstance(base, Name):
        raise FormulaError("a prime stands after something that is no name", token.start, token.end)
    return replace(base, primes=base.primes + 1, span=(base.span[0], token.end))


# Superscripts ---------------------------------------------------------------------------------------------------------


def _raised(parser: Parser, base: Term, tokens: list[Token]) -> Term:
    """A base with a superscript: primes, a transpose, a star, or what may be a power or a number of something."""
    span = parser.span_from(base.span[0])
    primes, tokens = _without_primes(_with_transpose_behind(tokens))
    if primes:
        if not isinstance(base, Name):
            raise FormulaError("a prime stands after something that is no name", *span)
        base = replace(base, primes=base.primes + primes, span=span)
    is_transposed = bool(tokens) and _is_transpose(tokens)
    if is_transposed:
        tokens = tokens[: -_length_of_last(tokens)]
    if tokens and _is_star(tokens[0]) and len(tokens) == 1:
        tokens = []
        if not isinstance(base, Name):
            raise FormulaError("a star stands after something that is no name", *span)
        base = replace(base, sup=(*base.sup, Script(Name("star", font="text"))), span=span)
    if tokens:
        base = _with_superscript(parser, base, tokens, span)
    return Transposed(base, span=span) if is_transposed else base


def _with_transpose_behind(tokens: list[Token]) -> list[Token]:
    """[l-1 T] as [l-1]T: the transpose of layer l-1, for which the brackets close too late."""
    is_bracket = len(tokens) >= 4 and tokens[0].is_symbol("[", "(") and Cursor(tokens).matching(0) == len(tokens) - 1
    if not is_bracket or tokens[-3].kind not in {Kind.LETTER, Kind.NUMBER} or not _is_transpose(tokens[1:-1]):
        return tokens
    return [*tokens[:-2], tokens[-1], tokens[-2]]


def _without_primes(tokens: list[Token]) -> tuple[int, list[Token]]:
    """How many primes of the base stand in its superscript: before all else, or after brackets; k' has its own."""
    begin = next((place for place, token in enumerate(tokens) if not _is_prime(token)), len(tokens))
    end = len(tokens)
    while end > begin and _is_prime(tokens[end - 1]):
        end -= 1
    if end > begin and not tokens[end - 1].is_symbol(")", "]"):
        end = len(tokens)
    return begin + len(tokens) - end, tokens[begin:end]


def _is_prime(token: Token) -> bool:
    return token.is_symbol("'") or token.is_macro("prime")


def _is_star(token: Token) -> bool:
    return token.is_symbol("*") or token.is_macro("star", "ast", "dagger")


def _is_marks(tokens: Sequence[Token]) -> bool:
    return all(_is_prime(token) for token in tokens)


def _is_transpose(tokens: Sequence[Token]) -> bool:
    """Does this superscript end with a transpose, as in T, \\top or (2)T?"""
    if not tokens:
        return False
    last = tokens[-1]
    if last.kind is Kind.CLOSE and len(tokens) >= 3:
        # A T in braces, set in some font.
        return tokens[-2].text == "T" and tokens[-3].kind is Kind.OPEN
    if last.kind is Kind.TEXT:
        return last.text.strip() in {"T", "t"}
    if last.kind is Kind.LETTER:
        return last.text == "T" and (len(tokens) == 1 or not tokens[-2].is_symbol("+", "-", "=", "/", "_", "^"))
    return last.kind is Kind.MACRO and last.text in TRANSPOSES


def _length_of_last(tokens: Sequence[Token]) -> int:
    """How many tokens the transpose sign at the end takes."""
    if tokens[-1].kind is not Kind.CLOSE:
        return 1
    return 4 if len(tokens) >= 4 and tokens[-4].kind is Kind.MACRO else 3


def _with_superscript(parser: Parser, base: Term, tokens: list[Token], span: Span) -> Term:
    if isinstance(base, Name) and base.base == "exp":
        return Call(base, (parser.whole(tokens),), span=span)
    raised, inside = Raised.BARE, tokens
    if tokens[0].is_symbol("(", "["):
        cursor = Cursor(tokens)
        end = cursor.matching(0)
        if end == len(tokens) - 1:
            raised = Raised.ROUND if tokens[0].text == "(" else Raised.SQUARE
            inside = tokens[1:-1]
        elif tokens[end + 1].is_symbol("(", "["):
            # a^{[2](i)}: the layer and the example.
            first = _with_superscript(parser, base, tokens[: end + 1], span)
            parser.deeper()
            both = _with_superscript(parser, first, tokens[end + 1 :], span)
            parser.depth -= 1
            return both
    bodies = [_superscript(parser, part) for part in at_signs(inside, ",") if part]
    if not bodies:
        raise FormulaError("an empty superscript", *span)
    if isinstance(base, Name) and not (base.base == "e" and raised is Raised.BARE and not base.sub):
        return replace(base, sup=(*base.sup, *(Script(body, raised) for body in bodies)), span=span)
    if len(bodies) > 1:
        raise FormulaError("a power with two exponents", *span)
    if isinstance(base, Name) and not base.font and not isinstance(bodies[0], Number):
        # e^{-z} beside a residual e.
        base = replace(base, font="constant")
    return Power(base, bodies[0], span=span)


def _superscript(parser: Parser, tokens: list[Token]) -> Term:
    if _is_label(tokens):
        return Name("".join(token.text for token in tokens), font="text", span=(tokens[0].start, tokens[-1].end))
    return primed_letter(parser.whole(tokens))


def _is_label(tokens: Sequence[Token]) -> bool:
    """Is this a word typed in letters, as in w_{new}, rather than indices?"""
    return all(token.kind is Kind.LETTER for token in tokens) and "".join(t.text for t in tokens) in LABELS


# Subscripts -----------------------------------------------------------------------------------------------------------


def _lowered(parser: Parser, base: Term, tokens: list[Token]) -> Term:
    span = parser.span_from(base.span[0])
    if isinstance(base, Norm):
        return _normed(base, tokens).at(span)
    if isinstance(base, Power) and isinstance(base.base, Norm):
        # The norm's square, its order written after the power.
        return replace(base, base=_normed(base.base, tokens), span=span)
    found = indices(parser, tokens)
    if isinstance(base, Name):
        return replace(base, sub=(*base.sub, *found), span=span)
    return Entries(base, found, span=span)


def _normed(norm: Norm, tokens: Sequence[Token]) -> Norm:
    order = "".join(token.text for token in tokens if token.kind not in {Kind.OPEN, Kind.CLOSE})
    order = {"mathrmF": "F", "mathrm F": "F", "Fro": "F", "fro": "F"}.get(order, order)
    if order not in {"1", "2", "F"}:
        raise FormulaError(
            f"the norm of order {order} is not read", norm.span[0], tokens[-1].end if tokens else norm.span[1]
        )
    return replace(norm, order=order)


def indices(parser: Parser, tokens: Sequence[Token]) -> tuple[Term, ...]:
    """The indices of a subscript: mj, m,j and m_j are the same pair; l-1 is one index.

    Raises:
        FormulaError: a condition, or a colon for a whole row.
    """
    found: list[Term] = []
    for part in at_signs(tokens, ","):
        if not part:
            continue
        here = (part[0].start, part[-1].end)
        if all(token.kind is Kind.TEXT for token in part) or _is_label(part):
            link = " " if part[0].kind is Kind.TEXT else ""
            found.append(Name(link.join(token.text.strip() for token in part), font="text", span=here))
        elif len(part) == 1 and _is_star(part[0]):
            found.append(Name("star", font="text", span=here))
        elif relation_places(part):
            raise FormulaError("a condition stands in a subscript", *here)
        elif any(token.is_symbol(":", ".") or token.is_macro("cdot", "bullet") for token in part):
            raise FormulaError("a whole row or column is meant here, which is not read", *here)
        elif any(token.is_symbol("+", "-", "(", "[", "/", "*") for token in part):
            found.append(parser.whole(part))
        else:
            found += _side_by_side(parser, part)
    return tuple(found)


def _side_by_side(parser: Parser, part: Sequence[Token]) -> list[Term]:
    """Letters one after the other, each an index."""
    found: list[Term] = []
    inner = type(parser)(part, parser.reading, parser.depth)
    while not inner.at_end:
        found.append(primed_letter(scripted(inner, inner.atom(index=True))))
    return found
