"""Under which conditions a statement is made: i = j beside it, before it, or in words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..evaluation import Evaluation, World
from ..faults import FormulaError
from ..grammar.sides import parse_condition
from ..meaning.session import Session
from ..source.document import Document
from ..source.lines import segments
from ..source.tokens import tokenise
from ..terms import Call, Cases, Condition, Name, Negative, Number, Term, Terms
from .comparison import Comparison, compare
from .manner import Manner
from .readings import Read


def conditions_of(document: Document) -> list[tuple[int, Condition]]:
    """Where the document says i = j or k != y_i: in a formula of its own, or beside another."""
    found: list[tuple[int, Condition]] = []
    for formula in document.formulas:
        if not (
            "=" in formula.text
            or "ne" in formula.text
            or "<" in formula.text
            or ">" in formula.text
            or "≠" in formula.text
        ):
            continue
        try:
            pieces = segments(tokenise(formula.text, formula.start, document.macros))
            for piece in pieces:
                if len(piece.signs) == 1 and all(piece.sides) and max(map(len, piece.sides)) <= 6:
                    condition = parse_condition([*piece.sides[0], piece.signs[0][1], *piece.sides[1]])
                    if condition is not None and _is_plain(condition):
                        found.append((piece.sides[0][0].start, condition))
        except FormulaError:
            continue
    return found


def _is_plain(condition: Condition) -> bool:
    return isinstance(condition.left, (Name, Terms, Call)) and isinstance(condition.right, (Name, Number, Negative))


_GOES_ON = re.compile(r"[\s$,;(]*(if|when|where|with|for|falls|provided)?[\s$(]*", re.I)
_ALTOGETHER = re.compile(
    r"together|in general|altogether|both cases|combin|summar|one (formula|line|expression)|in short|all in all"
    r"|in total",
    re.I,
)


def _is_near(session: Session, at: int, start: int) -> bool:
    """Does a condition still hold here, or did the text go on to all cases?"""
    return not _ALTOGETHER.search(session.document.text[at:start])


def under_conditions(
    session: Session, read: Read, world: World, left: Term, right: Term, manner: Manner
) -> Comparison | None:
    """Does it hold where the condition that the text names holds?"""
    formula = read.statement.formula
    near = [c for at, c in session.conditions if formula.start <= at <= formula.start + len(formula.text)]
    if any(isinstance(part, Cases) for part in right.walk()):
        # The cases say themselves when they hold.
        near = []
    before = [c for at, c in session.conditions if at < formula.start and _is_near(session, at, formula.start)]
    end = formula.start + len(formula.text)
    # "..., i != j" and "... if i != j" go on with the sentence; "For i = j:" opens what follows.
    after = [
        c for at, c in session.conditions
        if at > end and _GOES_ON.fullmatch(session.document.text[end:at])
        and not re.search(r"[.:]|\n\s*\n|\\end", session.document.text[end:at])
    ][:1]  # fmt: skip
    by_words = [*_conditions_in_text(read.statement.words), *_conditions_in_words(session, read, world, left, right)]
    for condition in (*near, *before[-1:], *after, *by_words):
        outcome = compare(world, left, right, manner, condition)
        if outcome.holds:
            return outcome
    return None


def _conditions_in_text(words: str) -> Iterator[Condition]:
    """Formulas in words that stand between the lines of a formula."""
    for part in words[-300:].split("$"):
        if not 3 <= len(part) <= 40 or not re.search(r"=|\\ne|<|>|≠", part):
            continue
        try:
            condition = parse_condition(tokenise(part))
        except FormulaError:
            continue
        if condition is not None and _is_plain(condition):
            yield condition


_DIFFERENT = re.compile(
    r"different|distinct|otherwise|not equal|unequal|\bother\b|second case|\belse\b|off-diagonal|not the same|differ",
    re.I,
)


_SAME = re.compile(r"\bsame\b|equal|diagonal|first case|coincide", re.I)


def _conditions_in_words(session: Session, read: Read, world: World, left: Term, right: Term) -> Iterator[Condition]:
    """i and j are the same, or different: conditions that the sentence before says in words."""
    start = read.statement.formula.start
    said = session.document.text[max(0, start - 200) : start] + read.statement.words
    signs = [sign for sign, words in (("ne", _DIFFERENT), ("=", _SAME)) if words.search(said)]
    if re.search(r"\b(otherwise|else)\b", said, re.I):
        # Of what was said before: the complement, whichever that was.
        signs = ["ne", "="]
    if not signs:
        return
    evaluation = Evaluation(world)
    evaluation.learn_letters(left, right)
    letters = sorted(evaluation.letters)
    for sign in signs:
        for place, first in enumerate(letters):
            for second in letters[place + 1 :]:
                if evaluation.letters[first] == evaluation.letters[second]:
                    yield Condition(Name(first), sign, Name(second))
