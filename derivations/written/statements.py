"""The statements of a document: every equality between two sides, with its place, its chain and what stands around it."""

from __future__ import annotations

from dataclasses import dataclass

from .document import Document, Formula
from .faults import FormulaError
from .lines import EQUALITIES, Segment, segments
from .tokens import Token, tokenise


@dataclass(frozen=True, slots=True)
class Statement:
    """One equality, unread.

    Attributes:
        left, right: the tokens of its sides; left is empty where the document never says it.
        sign: the relation sign, such as "=", ":=" or "leftarrow".
        chain, number: which chain of the document, and which equality of it, both counted from 1.
        start, end: its place; of a later equality of a chain, from its relation sign on.
        words: what is said around it: the prose since the formula before, and the words inside the formula.
        conditions: other relations of the same formula, such as i = j, by their tokens.
        fault: why it cannot be read.
    """

    left: tuple[Token, ...]
    right: tuple[Token, ...]
    sign: str
    sign_at: int
    chain: int
    number: int
    start: int
    end: int
    formula: Formula
    words: str = ""
    conditions: tuple[tuple[Token, ...], ...] = ()
    fault: FormulaError | None = None


def statements(document: Document) -> tuple[Statement, ...]:
    """All statements of a document, in order; a formula that cannot be read gives one with a fault."""
    found: list[Statement] = []
    chain = 0
    last: tuple[Token, ...] = ()
    number = 0
    for formula in document.formulas:
        words = document.prose_before(formula)
        try:
            pieces = segments(tokenise(formula.text, formula.start, document.macros))
        except FormulaError as fault:
            end = formula.start + len(formula.text)
            if "=" in formula.text:
                chain += 1
                found.append(Statement((), (), "=", fault.start, chain, 1, formula.start, end, formula, words, (), fault))
            continue
        for place, segment in enumerate(pieces):
            if not any(sign in EQUALITIES for sign, _ in segment.signs):
                continue
            goes_on = not segment.sides[0] and bool(last)
            if not goes_on:
                chain += 1
                number = 0
            left = last if goes_on else segment.sides[0]
            conditions = _conditions(pieces, place)
            for (sign, token), right in zip(segment.signs, segment.sides[1:], strict=True):
                if sign not in EQUALITIES:
                    # A chain ends at an inequality.
                    chain += 1
                    number = 0
                    left = right
                    continue
                if not right:
                    continue
                number += 1
                start = left[0].start if left and number == 1 else token.start
                end = max(t.end for t in right)
                said = f"{words} {segment.before}".strip()
                found.append(
                    Statement(left, right, sign, token.start, chain, number, start, end, formula, said, conditions)
                )
                left = right
            last = left
    return tuple(found)


def _conditions(pieces: list[Segment], place: int) -> tuple[tuple[Token, ...], ...]:
    """What the other relations of the formula say: i = j beside a line."""
    out = []
    for other, segment in enumerate(pieces):
        if other == place or len(segment.signs) != 1 or not all(segment.sides):
            continue
        sign = segment.signs[0]
        out.append((*segment.sides[0], sign[1], *segment.sides[1]))
    return tuple(out)
