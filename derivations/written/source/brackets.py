"""Which brackets, braces and environments open and close, and whether they match."""

from __future__ import annotations

from collections.abc import Sequence

from ..faults import FormulaError
from .tokens import Kind, Token

OPENING = {"(": ")", "[": "]", "lbrace": "rbrace", "⟨": "⟩"}
CLOSING = {close: open_ for open_, close in OPENING.items()}


def depth_change(token: Token, *, brackets: bool = True) -> int:
    """One deeper at a brace, bracket or environment that opens, one less deep where it closes."""
    kind = token.kind
    if kind is Kind.SYMBOL:
        return int(token.text in OPENING) - int(token.text in CLOSING) if brackets else 0
    if kind is Kind.OPEN or kind is Kind.BEGIN:
        return 1
    return -1 if kind is Kind.CLOSE or kind is Kind.END else 0


def is_balanced(tokens: Sequence[Token]) -> bool:
    """Are the brackets of the whole formula matched?"""
    stack: list[str] = []
    for token in tokens:
        if token.kind is Kind.SYMBOL and token.text in OPENING:
            stack.append(token.text)
        elif token.kind is Kind.SYMBOL and token.text in CLOSING and (not stack or stack.pop() != CLOSING[token.text]):
            return False
    return not stack


def checked_braces(tokens: Sequence[Token]) -> None:
    """Are all braces and environments closed, and none that was not opened?

    Raises:
        FormulaError: at the first that has no partner.
    """
    stack: list[Token] = []
    for token in tokens:
        kind = token.kind
        if kind is Kind.OPEN or kind is Kind.BEGIN:
            stack.append(token)
        elif kind is Kind.CLOSE or kind is Kind.END:
            opened = stack.pop() if stack else None
            if opened is None or not _are_partners(opened, token):
                raise FormulaError(f"{_named(token)} closes what was not opened", token.start, token.end)
    if stack:
        raise FormulaError(f"{_named(stack[-1])} is opened here and not closed", stack[-1].start, stack[-1].end)


def _are_partners(opened: Token, closed: Token) -> bool:
    if opened.kind is Kind.OPEN or closed.kind is Kind.CLOSE:
        return opened.kind is Kind.OPEN and closed.kind is Kind.CLOSE
    return opened.text == closed.text


def _named(token: Token) -> str:
    return f"\\{token.kind}{{{token.text}}}" if token.kind in {Kind.BEGIN, Kind.END} else f"the brace {token.text}"
