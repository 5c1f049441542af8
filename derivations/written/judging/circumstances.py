"""Under which conditions a statement is made: i = j beside it, before it, or in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ..evaluation import Evaluation, World
from ..faults import FormulaError
from ..grammar.sides import parse_condition
from ..meaning.kinds import DEFINING, Kind
from ..source.document import Document, Formula
from ..source.lines import Segment, segments
from ..source.tokens import tokenise
from ..terms import Call, Cases, Condition, Name, Negative, Number, Term, Terms
from .readings import Read, parts_of
from .said import Circumstances, Place, Said

if TYPE_CHECKING:
    from ..meaning.session import Session


INEQUALITIES = {"<", ">", "le", "ge"}
_OPPOSITES = {"<": "ge", "ge": "<", ">": "le", "le": ">", "=": "ne", "ne": "="}


# What the document says -----------------------------------------------------------------------------------------------

# Longer sides are those of statements, not of conditions; a margin such as y (w^T x + b) < 1 is longer than i = j.
LONGEST_SIDE = 6
LONGEST_MARGIN = 16

_RELATION = re.compile(r"[=<>≠≤≥]|\\(n|l|g)")
_SIGNS_OF_INEQUALITIES = {"<", ">", "le", "leq", "leqslant", "ge", "geq", "geqslant"}


def conditions_of(document: Document) -> list[Said]:
    """Where the document says i = j, k != y_i or z > 0: in a formula of its own, or beside another."""
    found: list[Said] = []
    for formula in document.formulas:
        if not _RELATION.search(formula.text):
            continue
        try:
            for piece in segments(tokenise(formula.text, formula.start, document.macros)):
                if (condition := _condition(piece)) is not None:
                    found.append(Said(piece.sides[0][0].start, condition, formula))
        except FormulaError:
            continue
    return found


def _condition(piece: Segment) -> Condition | None:
    """What a piece of a formula says, if that can be a condition: i = j, z > 0, 0 < z < 1."""
    if not piece.signs and piece.sides[0][0].is_symbol("(") and piece.sides[0][-1].is_symbol(")"):
        # (i = j) behind a line.
        inside = parse_condition(piece.sides[0][1:-1]) if len(piece.sides[0]) <= LONGEST_MARGIN else None
        return inside if inside is not None and _is_plain(inside) else None
    signs = {sign for sign, _ in piece.signs}
    if not 1 <= len(piece.signs) <= 2 or not all(piece.sides):
        return None
    is_inequality = signs <= _SIGNS_OF_INEQUALITIES
    longest = LONGEST_MARGIN if is_inequality else LONGEST_SIDE
    if max(map(len, piece.sides)) > longest or (len(piece.signs) > 1 and not is_inequality):
        return None
    tokens = list(piece.sides[0])
    for (_, token), side in zip(piece.signs, piece.sides[1:], strict=True):
        tokens += [token, *side]
    condition = parse_condition(tokens)
    return condition if condition is not None and _is_plain(condition) else None


def _is_plain(condition: Condition) -> bool:
    """An inequality, or an equality of letters and numbers; f'(x) = 1 is a statement."""
    left = condition.left
    if condition.sign in INEQUALITIES:
        return True
    is_primed = isinstance(left, Call) and left.function.primes > 0
    is_term = isinstance(left, (Name, Terms, Call)) and not is_primed
    return is_term and isinstance(condition.right, (Name, Number, Negative))


# Where it says it -----------------------------------------------------------------------------------------------------

_GOES_ON = re.compile(
    r"[\s$,;(]*(if|when|where|with|for|falls|wenn|provided|whenever|as long as|in case)?[\s$(]*", re.I
)
_BREAKS = re.compile(r"[.:]|\n\s*\n|\\end")


_ALTOGETHER = re.compile(
    r"together|in general|altogether|both cases|combin|summar|one (formula|line|expression)|in short|all in all"
    r"|in total",
    re.I,
)
_CONDITIONAL = re.compile(r"\b(if|for|when|whenever|case|suppose|assum\w*|provided|unless|since|falls|wenn)\W*$", re.I)
_THROUGHOUT = re.compile(r"throughout|assum|suppose|from now|henceforth|always|fix|\blet\b|restrict", re.I)
_OTHERWISE = re.compile(r"\b(otherwise|else|sonst)\b", re.I)
_AND = re.compile(r"[\s$\\()]*(and|und)[\s$\\()]*", re.I)
_OPENS_OTHERWISE = re.compile(r"(^|[.;,:(\n]|\band|\bor)[$\s*]*(otherwise|else|sonst)\b[^.;]{0,30}$", re.I)
_ENDS_OTHERWISE = re.compile(r"[$\s,\\)]*(otherwise|else|sonst)\s*([.;,]|\n|$)", re.I)
_FOR_ALL = re.compile(r"\b(?:all|any|every|each|arbitrary)\b[^.$\\=]{0,20}((?:\$[^$<>=]*\$|\W|and|or)+)", re.I)


def circumstances(session: Session, read: Read) -> Circumstances:
    """The conditions of a statement."""
    if session.sayings is None:
        session.sayings = Sayings(session)
    return session.sayings.of(read)


class Sayings:
    """A document's conditions with their places, and which statement is made under which."""

    def __init__(self, session: Session) -> None:
        self.session = session
        defining = {
            read.statement.start for number, read in enumerate(session.reads)
            if number >= session.given and session.kinds.of[number] in {*DEFINING, Kind.CLAIM}
        }  # fmt: skip
        # "If y = k" may look like a definition of y.
        conditions = [
            said for said in session.conditions
            if said.at not in defining or _CONDITIONAL.search(session.document.text[: said.formula.start][-20:])
        ]  # fmt: skip
        self.claiming = _claiming_formulas(session, {said.at for said in conditions})
        self.placed: list[tuple[Said, Place]] = []
        for said in conditions:
            self.placed.append((said, self._place(said)))
        self.known: dict[int, Circumstances] = {}

    def of(self, read: Read) -> Circumstances:
        """The conditions of a statement, found once."""
        key = read.statement.start
        if key not in self.known:
            self.known[key] = self._circumstances(read)
        return self.known[key]

    def _place(self, said: Said) -> Place:
        if any(formula.start == said.formula.start for formula in self.claiming):
            return Place.BESIDE
        before = self.claim_before(said.at)
        if before is not None and self._goes_on(before, said) and not self._is_opened(before):
            return Place.AFTER
        words = self.session.words
        is_apart = words.is_apart(said.formula) or words.is_label(said.formula)
        return Place.STANDING if is_apart else Place.OPENING

    def claim_before(self, place: int) -> Formula | None:
        """The last formula before a place that claims something."""
        return next((formula for formula in reversed(self.claiming) if formula.start < place), None)

    def _goes_on(self, formula: Formula, said: Said) -> bool:
        """..., i != j and ... if i != j go on with the sentence; "For i = j:" opens what follows."""
        between = self.session.document.text[formula.start + len(formula.text) : said.at]
        is_ended = _BREAKS.search(between) or formula.text.rstrip().endswith(".")
        return bool(_GOES_ON.fullmatch(between)) and not is_ended

    def _is_opened(self, formula: Formula) -> bool:
        """Does a condition open the sentence in which a formula stands?"""
        return any(
            place is Place.OPENING and said.at < formula.start
            and self.session.words.is_one_sentence(said.end, formula.start)
            for said, place in self.placed
        )  # fmt: skip

    def _circumstances(self, read: Read) -> Circumstances:
        own = tuple(self._own(read))
        taken = _letters(*own)
        kept = [
            (said, place) for said, place in self.placed
            if said.at < read.statement.formula.start and not self._is_over(read, said, place)
        ]  # fmt: skip
        standing = [said for said, place in kept if place is Place.STANDING]
        past = dict.fromkeys(said.condition for said in (*(said for said, _ in kept[-1:]), *standing[-1:]))
        sure = [
            last.condition for last in standing[-1:]
            if not any(
                said.at > last.at and place is Place.OPENING and _letters(said.condition) & _letters(last.condition)
                for said, place in kept
            )
        ]  # fmt: skip
        statement = read.statement
        return Circumstances(
            own,
            tuple(c for c in sure if not _letters(c) & taken),
            tuple(c for c in past if c not in sure and not _letters(c) & (taken | _letters(*sure))),
            tuple(said.condition for said in self.session.conditions if statement.start <= said.at < statement.end),
        )

    def _own(self, read: Read) -> Iterator[Condition]:
        """What is said in the statement's formula, behind it, by "otherwise", or before it."""
        formula = read.statement.formula
        # Cases say themselves when they hold.
        has_cases = any(isinstance(part, Cases) for part in parts_of(read.right))
        beside = [] if has_cases else self._beside(read)
        after = [
            self._with_joined(said) for said, place in self.placed
            if place is Place.AFTER and said.at > formula.start and self._goes_on(formula, said)
        ]  # fmt: skip
        if beside or after:
            yield from beside or after
            return
        before = [(said, place) for said, place in self.placed if said.at < formula.start]
        claim = self.claim_before(formula.start)
        begin = claim.start + len(claim.text) if claim is not None else 0
        text, end = self.session.document.text, formula.start + len(formula.text)
        is_opposed = before and before[-1][0].at < begin and _OPENS_OTHERWISE.search(text[begin : formula.start])
        if before and (is_opposed or _ENDS_OTHERWISE.match(text, end)):
            yield from _opposite(before[-1][0].condition)
            return
        opening = [said for said, place in before if place is Place.OPENING]
        if opening and self.session.words.is_one_sentence(opening[-1].end, formula.start):
            is_second = len(opening) > 1 and self._is_joined(opening[-2], opening[-1])
            yield self._with_joined(opening[-2]) if is_second else opening[-1].condition

    def _with_joined(self, said: Said) -> Condition:
        """z > 0, y = 1 of "z > 0 and y = 1"."""
        following = next((other for other, _ in self.placed if other.at > said.at), None)
        if following is None or said.condition.also is not None or not self._is_joined(said, following):
            return said.condition
        return replace(said.condition, also=following.condition)

    def _is_joined(self, first: Said, second: Said) -> bool:
        return bool(_AND.fullmatch(self.session.document.text[first.end : second.at]))

    def _beside(self, read: Read) -> list[Condition]:
        """The conditions in the statement's formula; where each chain has one, its own."""
        start = read.statement.formula.start
        found = [said for said, _ in self.placed if said.formula.start == start]
        chains = dict.fromkeys(
            other.statement.chain for other in self.session.reads[self.session.given :]
            if other.statement.formula.start == start and other.statement.start not in {said.at for said in found}
        )  # fmt: skip
        if len(found) == len(chains):
            return [
                said.condition for said, chain in zip(found, chains, strict=True) if chain == read.statement.chain
            ]  # fmt: skip
        statement = read.statement
        return [said.condition for said in found if not statement.start <= said.at < statement.end]

    def _is_over(self, read: Read, said: Said, place: Place) -> bool:
        """Does the text say that a condition holds no longer?"""
        words, text, start = self.session.words, self.session.document.text, read.statement.formula.start
        if _ALTOGETHER.search(text[said.at : start]) or self._is_for_all(read, said, place):
            return True
        over, headings = words.level(said.at), words.headings_between(said.end, start)
        if not headings or (over is not None and min(headings) > over):
            return False
        return not _THROUGHOUT.search(text[words.sentence_start(said.at) : said.at])

    def _is_for_all(self, read: Read, said: Said, place: Place) -> bool:
        """For all i and j, where the condition was one on i and j."""
        start = read.statement.formula.start
        begin = max(self.session.words.sentence_start(start), said.end)
        match = _FOR_ALL.search(self.session.document.text[begin:start])
        letters = {letter for letter in _letters(said.condition) if self.session.usage.is_index(letter)}
        if match is None or not letters or (place is Place.STANDING and len(letters) < 2):
            return False
        return letters <= set(re.findall(r"[A-Za-z]+", match[1]))


def _claiming_formulas(session: Session, mere: set[int]) -> list[Formula]:
    """The formulas that hold statements, and not conditions only; `mere` is where these begin."""
    found = {
        read.statement.formula.start: read.statement.formula for number, read in enumerate(session.reads)
        if number >= session.given
        and not (session.kinds.of[number] in {Kind.CONDITION, Kind.NUMBER} or read.statement.start in mere)
    }  # fmt: skip
    return [found[start] for start in sorted(found)]


def _opposite(condition: Condition) -> Iterator[Condition]:
    """z <= 0 of z > 0."""
    if condition.also is None and condition.sign in _OPPOSITES:
        yield replace(condition, sign=_OPPOSITES[condition.sign])


def _letters(*conditions: Condition) -> frozenset[str]:
    return frozenset(part.base for c in conditions for part in c.walk() if isinstance(part, Name))


# In words -------------------------------------------------------------------------------------------------------------

_DIFFERENT = re.compile(
    r"different|distinct|otherwise|not equal|unequal|\bother\b|second case|\belse\b|off-diagonal|not the same|differ",
    re.I,
)
_SAME = re.compile(r"\bsame\b|equal|diagonal|first case|coincide", re.I)


def conditions_in_text(words: str) -> Iterator[Condition]:
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


def conditions_in_words(said: str, world: World, left: Term, right: Term) -> Iterator[Condition]:
    """i and j are the same, or different: conditions that are said in words."""
    signs = [sign for sign, words in (("ne", _DIFFERENT), ("=", _SAME)) if words.search(said)]
    if _OTHERWISE.search(said):
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
