"""The grammar of probabilities of an event: P(y_i = 1 | x_i), which is one symbol with the index i."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from ..source.brackets import depth_change
from ..source.tokens import Kind, Token
from ..terms import Name
from .cursor import relation

if TYPE_CHECKING:
    from .sides import Parser

_WORDS = {"P", "p", "Pr", "Prob", "prob", "pr"}
_CLASSES = set("cijklmos")


def probability(parser: Parser, name: Name) -> Name | None:
    """P and the event in the brackets after it, as one name with the indices of the event; None of anything else."""
    if name.base not in _WORDS or name.sup or not parser.is_next("(", "["):
        return None
    end = parser.matching(parser.place)
    tokens = parser.tokens[parser.place : end + 1]
    depths = accumulate(map(depth_change, tokens))
    if not any(depth == 1 and relation(token) for token, depth in zip(tokens, depths, strict=True)):
        return None
    parser.place = end + 1
    letters = list(dict.fromkeys(token.text for place, token in enumerate(tokens) if _is_index(tokens, place)))
    event = "".join(
        _spaced(token, f"#{letters.index(token.text) + 1}" if _is_index(tokens, place) else token.text)
        for place, token in enumerate(tokens)
    )
    indices = tuple(Name(letter) for letter in letters)
    return Name(name.base + event, sub=indices, font="probability", span=parser.span_from(name.span[0]))


def _is_index(tokens: Sequence[Token], place: int) -> bool:
    """The i of y_i and x^{(i)}, and the k of the event y = k."""
    if tokens[place].kind is not Kind.LETTER:
        return False
    if relation(tokens[place - 1]):
        is_given = any(token.is_symbol("|", ";") or token.is_macro("mid") for token in tokens[:place])
        return not is_given and tokens[place].text in _CLASSES and not tokens[place + 1].is_symbol("_", "^")
    before = place - 1
    while before and (tokens[before].kind is Kind.OPEN or tokens[before].is_symbol("(")):
        before -= 1
    return before < place and tokens[before].is_symbol("_", "^") and tokens[place].text.islower()


def _spaced(token: Token, text: str) -> str:
    """A token as LaTeX, with spaces around relations and bars, and after commas; every bar is the same sign."""
    if token.is_macro("mid"):
        text = "|"
    elif token.kind is Kind.MACRO:
        text = f"\\{text}"
    if token.is_symbol(",", ";"):
        return f"{text} "
    return f" {text} " if relation(token) or text == "|" else text
