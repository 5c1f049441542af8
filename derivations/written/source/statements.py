"""The statements of a document: every equality of two sides, with its place, its chain and what stands around."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..faults import FormulaError
from .brackets import checked_braces
from .document import Document, Formula
from .lines import EQUALITIES, Segment, is_line_break, segments
from .passed_over import PassedOver, passed_over
from .tokens import Kind, Token, tokenise

# Conditions stand beside what they belong to; a page in one formula would else be gone through once a line.
_NEAREST = 12


# A line of more words than this before "= 5" is a sentence, which may go on with the chain before.
MOST_WORDS = 3

# A formula without a relation sign is the left side of what follows, unless it is only a letter in a sentence.
LEAST_LEFT_SIDE = 4

_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{\w+\*?\}")


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


@dataclass(frozen=True, slots=True)
class Found:
    """The statements of a document in order, and what it claims beside them."""

    statements: tuple[Statement, ...]
    passed_over: tuple[PassedOver, ...]


def found_in(document: Document) -> Found:
    """All statements of a document; a formula or a line of one that is damaged gives one with a fault."""
    reader = _Reader(document)
    for formula in document.formulas:
        reader.read(formula)
    return Found(tuple(reader.found), tuple(reader.passed_over))


def statements(document: Document) -> tuple[Statement, ...]:
    """All statements of a document, in order.

    >>> from derivations.written.source.document import read_document
    >>> [(s.sign, s.chain, s.number) for s in statements(read_document("a.md", "$a = b = c$ and $d := 2$"))]
    [('=', 1, 1), ('=', 1, 2), (':=', 2, 1)]
    """
    return found_in(document).statements


class _Reader:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.found: list[Statement] = []
        self.passed_over: list[PassedOver] = []
        self.chain = 0
        self.number = 0
        self.last: tuple[Token, ...] = ()
        self.is_new = False
        """`last` is a formula of its own, which no chain has gone on from yet."""
        self.alone: tuple[Token, ...] = ()
        """The formula right before, where it is a letter or a number: the left side, if "=" follows without a word."""

    def read(self, formula: Formula) -> None:
        words = self.document.prose_before(formula)
        if any(character.isalpha() for character in _ENVIRONMENT.sub("", words)):
            self.alone = ()
        try:
            tokens = tokenise(formula.text, formula.start, self.document.macros)
        except FormulaError as fault:
            if _says_equal(formula.text) or _is_meant(formula):
                self._damaged(fault, formula, words, formula.start, formula.start + len(formula.text))
            return
        is_said = False
        for part, damage in _parts(tokens):
            if damage is None:
                self._part(part, formula, words)
            elif _says_equal(self.document.text[part[0].start : part[-1].end]) or (_is_meant(formula) and not is_said):
                # The brace that is missing in one line is often the one too many in the next.
                is_said = True
                self._damaged(damage, formula, words, part[0].start, part[-1].end)

    def _part(self, part: list[Token], formula: Formula, words: str) -> None:
        pieces = segments(part)
        if self.alone and pieces and not pieces[0].sides[0]:
            self.last, self.is_new = self.alone, True
        self.alone = ()
        if len(pieces) == 1 and not pieces[0].signs:
            self._left_side(pieces[0].sides[0])
        for place, segment in enumerate(pieces):
            if _is_range(pieces, place):
                continue
            self.passed_over += passed_over(segment)
            if any(sign in EQUALITIES for sign, _ in segment.signs):
                said = f"{words} {segment.before}".strip()
                self._segment(segment, formula, said, _conditions(pieces, place))

    def _left_side(self, tokens: tuple[Token, ...]) -> None:
        """A formula without a relation sign: what follows may go on with it."""
        if len(tokens) >= LEAST_LEFT_SIDE:
            self.last, self.is_new = tokens, True
            return
        self.alone = tokens
        if any(token.is_symbol("+", "-", "*", "/") or token.is_macro("times", "cdot") for token in tokens):
            # After 28 \times 28 and some words, whether "= 784" goes on with the chain before is not known.
            self.last = ()

    def _damaged(self, fault: FormulaError, formula: Formula, words: str, start: int, end: int) -> None:
        self.chain += 1
        self.number = 1
        self.last = ()
        where = min(max(fault.start, start), end)
        self.found.append(Statement((), (), "=", where, self.chain, 1, start, end, formula, words, (), fault))

    def _segment(
        self, segment: Segment, formula: Formula, words: str, conditions: tuple[tuple[Token, ...], ...]
    ) -> None:
        if not segment.sides[0] and (word := _word_before(self.document.text, formula)) is not None:
            # accuracy $= 0.92$: the left side is the word before.
            start = formula.start
            segment = replace(segment, sides=((Token(Kind.TEXT, word, start, start),), *segment.sides[1:]))
        goes_on = not segment.sides[0] and bool(self.last)
        if not goes_on or self.is_new:
            self.chain += 1
            self.number = 0
        self.is_new = False
        left = self.last if goes_on else segment.sides[0]
        for (sign, token), right in zip(segment.signs, segment.sides[1:], strict=True):
            if sign not in EQUALITIES:
                # A chain ends at an inequality.
                self.chain += 1
                self.number = 0
                left = right
                continue
            if not right:
                continue
            self.number += 1
            start = left[0].start if left and self.number == 1 and not goes_on else token.start
            end = max(t.end for t in right)
            place = (self.chain, self.number, start, end)
            self.found.append(Statement(left, right, sign, token.start, *place, formula, words, conditions))
            left = right
        self.last = left


_CONNECTING = {
    "so", "thus", "hence", "gives", "is", "which", "or", "and", "then", "therefore", "equals", "ie", "becomes", "this",
    "get", "obtain", "to", "have", "with", "by", "since", "finally", "also", "again", "simplifies", "that", "it", "as",
    "was", "are", "just", "simply", "yields", "means", "say", "same", "the", "a", "now", "but", "because", "where",
}  # fmt: skip
"""Words after which a chain goes on."""

_LAST_WORD = re.compile(r"(?:^|[\s(])([A-Za-z]{2,})\s*(?:\$|\\\()?$")


def _is_range(pieces: list[Segment], place: int) -> bool:
    """= 1, ..., n in a cell of a table: how far an index runs, and no statement of its own."""
    segment = pieces[place]
    following = pieces[place + 1].sides[0] if place + 1 < len(pieces) else ()
    is_number = len(segment.signs) == 1 and [token.kind for token in segment.sides[1]] == [Kind.NUMBER]
    return not segment.sides[0] and is_number and bool(following) and following[0].is_macro("dots", "ldots", "cdots")


def _word_before(text: str, formula: Formula) -> str | None:
    """A noun that stands right before a formula on its line: what the formula says the value of."""
    line = text[text.rfind("\n", 0, formula.start) + 1 : formula.start]
    words = line.rstrip("$ ").split("$")[-1]
    match = None if formula.is_display else _LAST_WORD.search(words)
    return match[1] if match and match[1].lower() not in _CONNECTING and len(words.split()) <= MOST_WORDS else None


def _says_equal(text: str) -> bool:
    return any(sign in text for sign in ("=", "≡", "≜", "\\equiv", "\\leftarrow", "\\gets", "\\triangleq", "\\coloneq"))


def _is_meant(formula: Formula) -> bool:
    """Is it surely a formula, not words between two dollar signs for money or for code?"""
    return formula.is_display or "\\" in formula.text or formula.text == formula.text.strip()


def _parts(tokens: list[Token]) -> Iterator[tuple[list[Token], FormulaError | None]]:
    """The whole formula; where its braces do not match, each of its lines by itself, with what is wrong in it."""
    if not tokens:
        return
    damage = _damage(tokens)
    lines = [(line, _damage(line)) for line in _lines(tokens)] if damage is not None else []
    is_in_lines = any(fault is not None for _, fault in lines)
    if is_in_lines or any(token.is_symbol("=") or token.is_macro(*EQUALITIES) for line, _ in lines for token in line):
        yield from lines
    else:
        yield tokens, damage


def _lines(tokens: list[Token]) -> list[list[Token]]:
    """The lines of a formula, without the environments that lay them out."""
    lines: list[list[Token]] = [[]]
    for token in tokens:
        if is_line_break(token):
            lines.append([])
        elif token.kind is not Kind.BEGIN and token.kind is not Kind.END:
            lines[-1].append(token)
    return [line for line in lines if line]


def _damage(tokens: list[Token]) -> FormulaError | None:
    try:
        checked_braces(tokens)
    except FormulaError as fault:
        return fault
    return None


def _conditions(pieces: Sequence[Segment], place: int) -> tuple[tuple[Token, ...], ...]:
    """What the other relations of the formula say: i = j beside a line."""
    out = []
    first = max(place - _NEAREST, 0)
    for other, segment in enumerate(pieces[first : place + _NEAREST], first):
        if other == place or len(segment.signs) != 1 or not all(segment.sides):
            continue
        sign = segment.signs[0]
        out.append((*segment.sides[0], sign[1], *segment.sides[1]))
    return tuple(out)
