"""Does a statement hold where the conditions hold under which it is made?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from ..evaluation import Evaluation, World
from ..evaluation.values import spread
from ..faults import MeaningError
from ..meaning.session import Session
from ..terms import Condition, Term
from .circumstances import INEQUALITIES, circumstances, conditions_in_text, conditions_in_words
from .comparison import NEVER_MET, TOLERANCE, Comparison, compare, mask
from .manner import Manner
from .readings import Read, is_piecewise
from .said import Circumstances

# Still more probes for a condition on single numbers, which half of them meet, or fewer.
SINGLE = (5, 6, 7, 8)

# Of a condition that holds or does not as a whole, as z > 0 for a single z: so many probes must meet it, since one
# number may be equal to another by chance.
LEAST_MET = 2


def under_conditions(
    session: Session, read: Read, worlds: Iterable[World], left: Term, right: Term, manner: Manner
) -> Comparison | None:
    """What comes of it where the conditions hold; None where there are none, or where nothing is known of them.

    Args:
        worlds: the world of the statement, then those of further probes.
    """
    kept = _Kept(worlds)
    has_branches = session.has_branches(left, right)
    said = circumstances(session, read)
    failed: Comparison | None = None
    for condition in _sure(session, read, said, kept.first, left, right):
        outcome = _compared(kept, left, right, manner, condition, has_branches=has_branches)
        if outcome.holds:
            return outcome
        is_own = condition in said.own and condition.sign in INEQUALITIES
        failed = failed or (outcome if is_own else None)
    for condition in _doubtful(session, read, said, kept.first, left, right):
        outcome = _compared(kept, left, right, manner, condition, has_branches=has_branches)
        if outcome.holds:
            return replace(outcome, under=condition)
    return failed


def is_constant_where_said(session: Session, read: Read, epoch: int) -> bool:
    """Is the left side one number other than 0 wherever the statement's own condition holds?"""
    left, manner = read.left, Manner(named=session.named)
    seeds = (0, *session.probes, *SINGLE)
    worlds = _Kept(session.world(epoch, 0, seed=seed) for seed in seeds)
    for condition in circumstances(session, read).own if left is not None and session.has_branches(left) else ():
        assert left is not None
        values = (compare(world, left, left, manner, condition).left for world in worlds)
        entries = [value.array[value.array != 0] for value in values if value is not None]
        numbers = np.concatenate(entries) if entries else np.zeros(0)
        if numbers.size >= LEAST_MET and np.ptp(numbers) == 0:
            return True
    return False


_CASE = re.compile(
    r"\b(if|when|whenever|in case|region|regime|(in)?active|positive|negative|saturat\w*|clip\w*|violat\w*|inside"
    r"|outside|within|beyond|branch|side|case|otherwise|else)\b",
    re.I,
)


def is_said_of_a_case(session: Session, read: Read, epoch: int) -> bool:
    """Does it hold in one of several cases, where words say which is meant: in the active region, if z is positive?"""
    left, right = read.left, read.right
    if left is None or right is None or not session.has_branches(left) or is_piecewise(right):
        return False
    start, end = (
        session.words.sentence_start(read.statement.formula.start),
        session.words.sentence_end(read.statement.end),
    )
    if circumstances(session, read).own or not _CASE.search(session.document.text[start:end]):
        return False
    manner = Manner(named=session.named)
    seeds = (0, *session.probes, *SINGLE)
    outcomes = (compare(session.world(epoch, 0, seed=seed), left, right, manner) for seed in seeds)
    return sum(outcome.holds or _is_equal_somewhere(outcome) for outcome in outcomes) >= LEAST_MET


def _is_equal_somewhere(outcome: Comparison) -> bool:
    """Are some entries equal that are not 0?"""
    if outcome.left is None or outcome.right is None:
        return False
    _, (one, two) = spread([outcome.left, outcome.right])
    return bool((np.isclose(one, two, rtol=TOLERANCE, atol=0) & (one != 0)).any())


def worlds_meeting(session: Session, read: Read, worlds: Iterable[World]) -> list[World] | None:
    """Two of these worlds in which a condition on single numbers holds; None where the statement has none."""
    conditions = [condition for condition in circumstances(session, read).own if condition.sign in INEQUALITIES]
    found: list[World] = []
    for world in worlds:
        try:
            masks = [mask(Evaluation(world), condition) for condition in conditions]
        except MeaningError:
            return None
        if not masks or any(here.axes or here.rank for here in masks):
            return None
        found += [world] if all(here.array.all() for here in masks) else []
        if len(found) == LEAST_MET:
            break
    return found


def _sure(
    session: Session, read: Read, said: Circumstances, world: World, left: Term, right: Term
) -> Iterator[Condition]:
    """The conditions that the statement's own sentence says, or a heading."""
    yield from said.own
    yield from conditions_in_text(read.statement.words)
    yield from said.standing
    if not said.own:
        yield from conditions_in_words(_words_before(session, read, 0), world, left, right)
    yield from said.itself


def _doubtful(
    session: Session, read: Read, said: Circumstances, world: World, left: Term, right: Term
) -> Iterator[Condition]:
    """Those of sentences before."""
    yield from said.past
    if not said.own:
        yield from conditions_in_words(_words_before(session, read, FURTHER), world, left, right)


# So many characters before a statement may still say what it is about.
FURTHER = 200


def _words_before(session: Session, read: Read, further: int) -> str:
    """The words between the claim before and this one, and the words inside its formula; or further back, too."""
    start = read.statement.formula.start
    claim = session.sayings.claim_before(start) if session.sayings is not None else None
    begin = claim.start + len(claim.text) if claim is not None else 0
    begin = max(0, start - further) if further else max(begin, start - FURTHER)
    return session.document.text[begin:start] + read.statement.words


class _Kept:
    """Worlds that are built when they are first asked for."""

    def __init__(self, worlds: Iterable[World]) -> None:
        self.worlds = iter(worlds)
        self.first = next(self.worlds)
        self.known = [self.first]

    def __iter__(self) -> Iterator[World]:
        yield from self.known
        for world in self.worlds:
            self.known.append(world)
            yield world


def _compared(
    worlds: _Kept, left: Term, right: Term, manner: Manner, condition: Condition, *, has_branches: bool
) -> Comparison:
    """Equal on every probe that meets the condition?"""
    met: list[Comparison] = []
    for world in worlds:
        outcome = compare(world, left, right, manner, condition)
        if outcome.unmet or (outcome.meaningless and outcome.error is None):
            continue
        if not outcome.holds:
            return replace(outcome, meaningless=False, reason=None) if outcome.meaningless else outcome
        met.append(outcome)
        if outcome.partly and not has_branches:
            return outcome
    if len(met) >= LEAST_MET:
        return met[0]
    return Comparison(False, None, NEVER_MET, True, unmet=True)
