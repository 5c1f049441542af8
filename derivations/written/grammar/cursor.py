"""A place in the tokens of a formula: looking ahead, going on, finding what closes a bracket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..faults import FormulaError
from ..source.brackets import OPENING, depth_change
from ..source.tokens import Kind, Token, closing
from ..terms import Span
from .lexicon import RELATIONS

# Operators and brackets inside each other: no formula goes deeper, and each costs some frames of Python's stack.
DEEPEST = 60


class Cursor:
    """Goes through tokens once, from the left.

    Attributes:
        depth: how many operators and brackets stand around this place.
    """

    def __init__(self, tokens: Sequence[Token], depth: int = 0) -> None:
        self.tokens = list(tokens)
        self.place = 0
        self.depth = depth

    @property
    def at_end(self) -> bool:
        """Is nothing left?"""
        return self.place >= len(self.tokens)

    @property
    def peek(self) -> Token:
        """The next token.

        Raises:
            FormulaError: there is none.
        """
        if self.at_end:
            where = self.tokens[-1].end if self.tokens else 0
            raise FormulaError("the formula ends where something should follow", max(where - 1, 0), where)
        return self.tokens[self.place]

    def ahead(self, number: int = 1) -> Token | None:
        """The token some places after the next."""
        return self.tokens[self.place + number] if self.place + number < len(self.tokens) else None

    def next(self) -> Token:
        """The next token, taken.

        Raises:
            FormulaError: there is none.
        """
        token = self.peek
        self.place += 1
        return token

    def is_next(self, *signs: str) -> bool:
        """Does one of these signs come next?"""
        return not self.at_end and self.peek.is_symbol(*signs)

    @property
    def last_end(self) -> int:
        """Where the token taken last ends."""
        return self.tokens[self.place - 1].end if self.place else 0

    def span_from(self, start: int) -> Span:
        """From there to here."""
        return start, max(self.last_end, start)

    def deeper(self) -> None:
        """One operator or bracket more.

        Raises:
            FormulaError: there are too many.
        """
        self.depth += 1
        if self.depth > DEEPEST:
            token = self.tokens[min(self.place, len(self.tokens) - 1)]
            raise FormulaError("this formula is nested too deeply", token.start, token.end)

    # Groups -----------------------------------------------------------------------------------------------------------

    def matching(self, place: int) -> int:
        """The place of the bracket that closes the one at `place`.

        Raises:
            FormulaError: there is none.
        """
        depth = 0
        for end in range(place, len(self.tokens)):
            token = self.tokens[end]
            if token.kind is Kind.SYMBOL:
                depth += 1 if token.text in OPENING else -1 if token.text in OPENING.values() else 0
            if depth == 0:
                return end
        opening = self.tokens[place]
        raise FormulaError(f"{shown(opening)} is opened here and not closed", opening.start, opening.end)

    def bracketed(self) -> list[Token]:
        """What stands in the brackets that come next; they are taken."""
        end = self.matching(self.place)
        inside = self.tokens[self.place + 1 : end]
        self.place = end + 1
        return inside

    def braced(self) -> list[Token]:
        """What stands in the braces that come next; they are taken."""
        end = closing(self.tokens, self.place)
        inside = self.tokens[self.place + 1 : end]
        self.place = end + 1
        return inside

    def skip_group(self) -> None:
        """Pass over a group in braces, or one token."""
        if not self.at_end:
            self.place = (closing(self.tokens, self.place) if self.peek.kind is Kind.OPEN else self.place) + 1

    def environment(self, begin: Token) -> list[Token]:
        """What stands before the end of the environment begun just before."""
        depth = 1
        for end in range(self.place, len(self.tokens)):
            depth += {Kind.BEGIN: 1, Kind.END: -1}.get(self.tokens[end].kind, 0)
            if depth == 0:
                inside = self.tokens[self.place : end]
                self.place = end + 1
                return inside
        raise FormulaError(f"\\begin{{{begin.text}}} is not ended", begin.start, begin.end)

    def split_digits(self) -> None:
        """Of a number without braces, as in \\frac12, TeX takes one digit."""
        token = self.peek
        if token.kind is Kind.NUMBER and len(token.text) > 1 and token.text.isdecimal():
            self.tokens[self.place : self.place + 1] = [
                replace(token, text=character, start=token.start + n, end=token.start + n + 1)
                for n, character in enumerate(token.text)
            ]

    def script(self) -> list[Token]:
        """What stands in the sub- or superscript whose sign was taken just before."""
        token = self.peek
        if token.kind is Kind.OPEN:
            return self.braced()
        begin = self.place
        self.place += 1
        if token.is_symbol("(", "["):
            # x^(i), typed without braces.
            self.place = self.matching(begin) + 1
        elif token.is_symbol("-") and not self.at_end:
            self.place += 1
        elif token.kind is Kind.MACRO:
            for _ in range(ARGUMENTS.get(token.text, 0)):
                self.skip_group()
        return self.tokens[begin : self.place]


ARGUMENTS = {
    "frac": 2, "dfrac": 2, "tfrac": 2, "sqrt": 1, "hat": 1, "widehat": 1, "tilde": 1, "widetilde": 1, "bar": 1,
    "overline": 1, "vec": 1, "dot": 1, "mathbf": 1, "boldsymbol": 1, "bm": 1, "mathbb": 1, "mathcal": 1, "mathscr": 1,
    "mathfrak": 1, "pmb": 1, "operatorname": 1,
}  # fmt: skip
"""How many arguments a macro takes that may stand as a script without braces."""


def shown(token: Token) -> str:
    """A token as a message names it."""
    return f"\\{token.text}" if token.kind is Kind.MACRO else f"{token.text!r}"


def unexpected(token: Token) -> FormulaError:
    """It is not expected where it stands."""
    return FormulaError(f"{shown(token)} is not expected here", token.start, token.end)


def at_signs(tokens: Sequence[Token], *signs: str) -> list[list[Token]]:
    """The parts between these signs where they stand in no bracket."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += depth_change(token)
        if depth == 0 and token.is_symbol(*signs):
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def without_ends(tokens: Sequence[Token], *signs: str) -> list[Token]:
    """The tokens without these signs, and without wide spaces, at either end."""
    tokens = list(tokens)
    while tokens and (tokens[-1].is_symbol(*signs) or tokens[-1].is_macro("quad", "qquad")):
        tokens.pop()
    begin = 0
    while begin < len(tokens) and (tokens[begin].is_symbol(*signs) or tokens[begin].is_macro("quad", "qquad")):
        begin += 1
    return tokens[begin:]


def relation(token: Token) -> str:
    """The relation that a token says in a condition, or ""."""
    if token.kind is Kind.SYMBOL and token.text in {"=", "<", ">"}:
        return token.text
    if token.is_symbol("!"):
        return "ne"
    return RELATIONS.get(token.text, "") if token.kind is Kind.MACRO else ""


def relation_places(tokens: Sequence[Token]) -> list[int]:
    """Where relations stand in no bracket; a "!" only before "="."""
    places = []
    depth = 0
    for place, token in enumerate(tokens):
        depth += depth_change(token)
        if depth == 0 and relation(token):
            is_factorial = token.is_symbol("!") and not (place + 1 < len(tokens) and tokens[place + 1].is_symbol("="))
            places += [] if is_factorial else [place]
    return places
