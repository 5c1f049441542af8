r"""Transposes that are written with a prime, as statistics has them: (y - X\beta)'(y - X\beta), X'X, x_i'\beta.

A prime is a transpose where the text says so or X'X and the like show it, and on a capital that stands as a matrix in a
product; never on a letter that is called, defined or differentiated by with its prime, or numbers something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ..grammar.lexicon import ACCENTS, FONTS, GREEK
from .brackets import OPENING
from .statements import Statement
from .tokens import Kind, Token, script_end

_SAID = re.compile(r"\bprimes?\b[^.]{0,40}transpos|transpos[^.]{0,40}\bprimes?\b|['′]\$?\s+(denotes|means|is)[^.]{0,20}"
                   r"transpos", re.I)  # fmt: skip
_FUNCTIONS = {"f", "g", "h", "s", "sigma", "phi", "psi", "rho", "varphi"}
"""Small letters whose prime is a derivative."""
_LOSSES = {"C", "E", "F", "J", "L", "Q", "R", "S"}


@dataclass(frozen=True, slots=True)
class _Mark:
    """A prime, from `begin` to `end` in the tokens of a side, on what begins at `start`; `base` is "" of a bracket."""

    tokens: Sequence[Token]
    start: int
    begin: int
    end: int
    base: str

    @property
    def following(self) -> Token | None:
        """The token behind it."""
        return self.tokens[self.end] if self.end < len(self.tokens) else None

    @property
    def is_before_itself(self) -> bool:
        """Does the same stand behind it, as in X'X?"""
        own = [token.text for token in self.tokens[self.start : self.begin]]
        return own == [token.text for token in self.tokens[self.end : self.end + len(own)]]


def with_transposes(statements: Sequence[Statement], prose: str) -> tuple[Statement, ...]:
    r"""The statements with \top for every prime that is a transpose.

    >>> from derivations.written.source.document import read_document
    >>> from derivations.written.source.statements import statements
    >>> found = with_transposes(statements(read_document("a.md", "$S = e'e$")), "")
    >>> [token.text for token in found[0].right]
    ['e', '^', 'top', 'e']
    """
    sides = [side for statement in statements for side in (statement.left, statement.right)]
    if not any(next(_marks(side), None) for side in sides):
        return tuple(statements)
    primes = _Primes(statements, sides, is_said=bool(_SAID.search(prose)))
    return tuple(
        replace(statement, left=primes.replaced(statement.left), right=primes.replaced(statement.right))
        for statement in statements
    )


class _Primes:
    """What the primes of a document say."""

    def __init__(self, statements: Sequence[Statement], sides: Sequence[Sequence[Token]], *, is_said: bool) -> None:
        marks = [mark for side in sides for mark in _marks(side)]
        self.others = _FUNCTIONS | _primed_below(sides) | {
            mark.base for mark in marks if mark.base and _is_differentiated_by(mark)
        }  # fmt: skip
        self.others |= {name for side in sides for name in _called(side)}
        self.others |= {
            mark.base for statement in statements if statement.number == 1
            for mark in _marks(statement.left) if mark.base and mark.start == 0 and _is_defined(mark)
        }  # fmt: skip
        shown = [mark for mark in marks if mark.base not in self.others and mark.is_before_itself]
        self.is_usual = is_said or bool(shown)
        is_apart = any(mark.base.islower() and mark.base not in self.others for mark in marks)
        self.matrices = set() if is_apart else {name for side in sides for name in _matrices(side)} - _LOSSES

    def replaced(self, tokens: tuple[Token, ...]) -> tuple[Token, ...]:
        """The tokens with a transpose for every prime that is one."""
        out = list(tokens)
        for mark in reversed(list(_marks(tokens))):
            if self._is_transpose(mark):
                first = tokens[mark.begin]
                end = script_end(tokens, mark.end)
                sign = (replace(first, text="^"), replace(first, kind=Kind.MACRO, text="top"))
                out[mark.begin : end] = [*tokens[mark.end : end], *sign]
        return tuple(out)

    def _is_transpose(self, mark: _Mark) -> bool:
        if mark.base in self.others or (mark.following is not None and mark.following.is_symbol("^")):
            return False
        return self.is_usual or mark.base in self.matrices


def _marks(tokens: Sequence[Token]) -> Iterator[_Mark]:
    """Single primes, other than in subscripts."""
    place = 0
    while place < len(tokens):
        if tokens[place].is_symbol("_"):
            place = script_end(tokens, place)
            continue
        end = _mark_end(tokens, place)
        if end > place and _mark_end(tokens, end) == end and (found := _marked(tokens, place)) is not None:
            yield _Mark(tokens, found[0], place, end, found[1])
        while _mark_end(tokens, end) > end:
            end = _mark_end(tokens, end)
        place = max(end, place + 1)


def _mark_end(tokens: Sequence[Token], place: int) -> int:
    r"""Where the prime ends that begins here: ', ^\prime or ^{\prime}."""
    following = [token.text for token in tokens[place : place + 4]]
    if following[:1] == ["'"]:
        return place + 1
    if following[:2] == ["^", "'"]:
        return place + 2
    return place + 4 if following == ["^", "{", "'", "}"] else place


def _marked(tokens: Sequence[Token], end: int) -> tuple[int, str] | None:
    """Where what stands before a prime begins, and its letter, "" of a bracket; None where it is something else."""
    last = end - 1
    begin = _opening(tokens, last)
    if begin > 0 and tokens[begin - 1].is_symbol("_"):
        last = begin - 2
        begin = _opening(tokens, last)
    if last < 0 or (begin > 0 and tokens[begin - 1].is_symbol("^")):
        return None
    if tokens[last].is_symbol(")", "]"):
        return begin, ""
    styled = begin > 0 and tokens[begin - 1].kind is Kind.MACRO and tokens[begin - 1].text in {*ACCENTS, *FONTS}
    letters = [token.text for token in tokens[begin : last + 1] if _is_letter(token)]
    is_plain = begin == last or styled
    return (begin - styled, letters[0]) if is_plain and len(letters) == 1 else None


def _opening(tokens: Sequence[Token], last: int) -> int:
    """Where the group or bracket begins that ends here; the same place where none does."""
    pairs = {**{close: open_ for open_, close in OPENING.items()}, "}": "{"}
    if last < 0 or tokens[last].text not in pairs or tokens[last].kind is Kind.MACRO:
        return last
    depth = 0
    for place in range(last, -1, -1):
        depth += (tokens[place].text == tokens[last].text) - (tokens[place].text == pairs[tokens[last].text])
        if depth == 0:
            return place
    return last


def _is_letter(token: Token) -> bool:
    return token.kind is Kind.LETTER or (token.kind is Kind.MACRO and token.text in GREEK)


def _begins_name(token: Token) -> bool:
    return _is_letter(token) or (token.kind is Kind.MACRO and token.text in {*ACCENTS, *FONTS})


def _is_differentiated_by(mark: _Mark) -> bool:
    before = mark.tokens[mark.start - 1] if mark.start else None
    is_hessian = any(token.is_macro("partial") for token in mark.tokens[max(mark.start - 6, 0) : mark.start - 1])
    is_sign = before is not None and (before.is_macro("partial") or before.text == "d")
    return is_sign and not is_hessian


def _is_defined(mark: _Mark) -> bool:
    """Is W' or f'(x) the whole of a left side?"""
    rest = mark.tokens[script_end(mark.tokens, mark.end) :]
    return not rest or _holds_names(rest, mark.base)


def _holds_names(tokens: Sequence[Token], function: str) -> bool:
    """Is this a bracket with the arguments of a function?"""
    inside = tokens[1:-1]
    is_bracket = len(tokens) > 2 and tokens[0].is_symbol("(") and tokens[-1].is_symbol(")")
    return is_bracket and all(
        token.text != function and not token.is_symbol("+", "-", "'", "(", ")") for token in inside
    )  # fmt: skip


def _called(tokens: Sequence[Token]) -> Iterator[str]:
    """The letters before brackets that hold the arguments of a function."""
    for place, token in enumerate(tokens):
        if _is_letter(token) and place + 1 < len(tokens) and tokens[place + 1].is_symbol("("):
            end = next((p for p in range(place + 1, len(tokens)) if tokens[p].is_symbol(")")), place)
            if _holds_names(tokens[place + 1 : end + 1], token.text):
                yield token.text


def _matrices(tokens: Sequence[Token]) -> Iterator[str]:
    """Capitals that stand before another factor: D in D z."""
    for place, token in enumerate(tokens[:-1]):
        is_capital = _is_letter(token) and token.text[0].isupper()
        closed = place + 1 + (tokens[place + 1].kind is Kind.CLOSE)
        if is_capital and closed < len(tokens) and _begins_name(tokens[closed]):
            yield token.text


def _primed_below(sides: Sequence[Sequence[Token]]) -> set[str]:
    """The letters that stand with a prime in subscripts: k' is an index."""
    found: set[str] = set()
    for side in sides:
        for place, token in enumerate(side):
            if token.is_symbol("_"):
                script = side[place : script_end(side, place)]
                found |= {one.text for one, two in pairwise(script) if two.is_symbol("'")}
    return found
