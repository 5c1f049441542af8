"""What is wrong with an equality: the small change of its right side that makes it right, run and proven."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np

from ..evaluation import Evaluation, Memory, World
from ..evaluation.values import Value, relative_difference, spread
from ..faults import MeaningError
from ..judging.comparison import TOLERANCE, compare, single_numbers
from ..judging.manner import Manner, Named
from ..rebuilding import LettersOfTerms, free_letters
from ..terms import NOWHERE, Call, Derivative, Name, Number, Product, Term
from .edit import Edit, Surroundings
from .edits import edits
from .edits_of_sides import constant_factors
from .messages import LINE_BEFORE
from .refinement import refined, unexplained
from .surroundings import surroundings

__all__ = ["Repair", "refined", "repair", "unexplained"]

# Candidates that are evaluated, of one change and of two. They are counted: a verdict must not depend on the time.
MOST_SINGLE = 600
MOST_PAIRS = 160
PAIRED = 16

# Parts of changed sides that are looked at in one round: counted, too, and far more than a side of a page has.
MOST_PARTS = 400_000

# What must have been met in a plain value for it to be another one in these manners.
_READ_OTHERWISE = {
    Manner(): "", Manner(entries=True): "columns", Manner(contract=True): "chain", Manner(opaque=True): "opaque",
}  # fmt: skip

_FAILURES = (MeaningError, ValueError, RecursionError, IndexError, OverflowError, np.linalg.LinAlgError)


@dataclass(frozen=True, slots=True)
class Repair:
    """A correction that was run: the right side as it should be, and the mistake it undoes."""

    edit: Edit
    error: float
    from_head: bool = False
    """It makes the right side equal to what the chain began with, not to the line before."""


def repair(
    world: World,
    second: World,
    left: Term,
    right: Term,
    head: Term | None,
    others: Iterable[Term],
    manners: Iterable[Manner],
    loss: str = "",
) -> Repair | None:
    """The cheapest change of the right side that makes it equal to the left, on two probes.

    Where none does, one that makes it equal to the head of its chain: the line before may be the wrong one.

    Args:
        head: the left side of the whole chain.
        others: sides of the document that factors may be drawn from.
        loss: what dW is a derivative of, where that is not the document's last loss.
    """
    around = surroundings(world, left, right, head, others)
    kept = [replace(manner, loss=loss) for manner in (*manners, *_further_manners(left, right))]
    targets = [left] + ([head] if head is not None and head != left else [])
    search = _Search(world, second, right, around)
    aims = [_aim(world, manner, target, right, target is not left) for target in targets for manner in kept]
    search.aims = [aim for aim in aims if aim is not None and (aim.from_head or not aim.is_met)]
    return search.run()


def _further_manners(left: Term, right: Term) -> Iterator[Manner]:
    """What dW may be the derivative of; a function's derivative, read for single numbers."""
    parts = [part for side in (left, right) for part in side.walk()]
    if any(isinstance(part, Derivative) and part.of is None for part in parts):
        yield Manner(named=Named.MIXED)
        yield Manner(named=Named.EXAMPLE)
    yield Manner(pointwise=True)


@dataclass(frozen=True, slots=True)
class _Aim:
    """What the right side should be equal to, read in one manner; `right` is the value that it has."""

    target: Term
    manner: Manner
    value: Value
    from_head: bool
    right: Value | None = None
    ratio: float | None = None
    error: float | None = None
    varying: frozenset[str] = frozenset()
    """Indices along which the value changes: a right side without them cannot be equal."""
    allowed: frozenset[str] = frozenset()
    """Indices that a right side may have."""
    is_constant: bool = False
    """The right side is the same number in all its entries that are not 0."""
    otherwise: str | None = None
    """What its manner reads otherwise than the plain one; "" of the plain one, None where that is not told."""
    is_elsewhere: bool = False
    """The target is a name that the right side does not have: with it, that would only say that a thing is itself."""

    @property
    def is_met(self) -> bool:
        """Is the right side equal as it stands?"""
        return self.error is not None and self.error <= TOLERANCE

    @property
    def fits(self) -> bool:
        """Have the two sides a shape in common?"""
        return self.error is not None


def _aim(world: World, manner: Manner, target: Term, right: Term, from_head: bool) -> _Aim | None:
    value = _value(world, manner, target, target)
    if value is None or not value.array.any():
        # Of nothing but zeros anything is a multiple.
        return None
    implied = {q.letters[place] for q in world.quantities.values() for place in q.dropped if place < len(q.letters)}
    varying = frozenset(
        axis for place, axis in enumerate(value.axes)
        if np.ptp(np.real(value.array), axis=place).any() and axis in free_letters(target) - implied
    )  # fmt: skip
    own = _value(world, manner, target, right)
    return _Aim(
        target, manner, value, from_head, own, _ratio(value, own), _difference(value, own), varying,
        allowed=free_letters(target) | set(value.axes),
        is_constant=_is_constant(own),
        otherwise=_READ_OTHERWISE.get(manner),
        is_elsewhere=isinstance(target, (Derivative, Name, Call)) and not _has_part(right, target),
    )  # fmt: skip


def _has_part(term: Term, other: Term) -> bool:
    return any(type(part) is type(other) and part == other for part in term.walk())


def _value(world: World, manner: Manner, target: Term, term: Term) -> Value | None:
    """The value of a term beside a target; None where it has none that is finite."""
    return _value_and_notes(world, manner, target, term, {})[0]


def _value_and_notes(
    world: World, manner: Manner, target: Term, term: Term, kept: Mapping[int, Memory]
) -> tuple[Value | None, set[str]]:
    evaluation = Evaluation(world, manner)
    evaluation.kept = kept
    try:
        if manner.pointwise:
            evaluation.bound = single_numbers(world, target, term)
        evaluation.learn_letters(target, term)
        value = evaluation.value(term)
    except _FAILURES:
        return None, evaluation.notes
    return value if np.isfinite(value.array).all() else None, evaluation.notes


def _difference(one: Value, other: Value | None) -> float | None:
    if other is None:
        return None
    try:
        return relative_difference(one, other)
    except _FAILURES:
        return None


def _is_constant(value: Value | None) -> bool:
    """Are all entries that are not 0 the same number?"""
    if value is None:
        return False
    entries = np.abs(np.real(value.array)).ravel()
    entries = entries[entries != 0]
    return entries.size > 1 and bool(np.ptp(entries) <= TOLERANCE * entries.max())


def _ratio(one: Value, other: Value | None) -> float | None:
    """The number by which the other has to be multiplied, where it is one number."""
    if other is None or one.shape != other.shape or one.special or other.special:
        return None
    try:
        _, (first, second) = spread([one, other])
    except MeaningError:
        return None
    first, second = np.broadcast_arrays(np.real(first), np.real(second))
    scale = np.abs(second).max(initial=0.0)
    if not scale:
        return None
    largest = np.unravel_index(np.abs(second).argmax(), second.shape)
    ratio = float(first[largest] / second[largest])
    return ratio if ratio and np.abs(first - ratio * second).max() <= TOLERANCE * abs(ratio) * scale else None


# The search -----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Search:
    """The search for a correction of one right side."""

    world: World
    second: World
    right: Term
    around: Surroundings
    aims: list[_Aim] = field(default_factory=list)
    ratios: list[tuple[_Aim, Edit, float]] = field(default_factory=list)
    """Changes after which one constant factor was left."""
    kept: dict[int, Memory] = field(init=False)
    """The values of the parts of the right side, which most candidates share."""
    most: int = field(init=False)
    """As many candidates are looked at in one round."""
    squares: set[Term] = field(init=False)
    letters: LettersOfTerms = field(default_factory=LettersOfTerms)
    has_single_entries: bool = field(init=False)
    """There is y_i of one entry: its shape was guessed wrongly, and a transpose would only hide that."""

    def __post_init__(self) -> None:
        self.kept = {id(part): {} for part in self.right.walk()}
        self.most = MOST_PARTS // sum(1 for _ in self.right.walk())
        self.squares = _squares(self.right)
        self.has_single_entries = _has_single_entries(self.right, self.around)

    def run(self) -> Repair | None:
        """The correction, None where there is none within the bounds."""
        for aim in self.aims:
            if aim.from_head and aim.is_met and aim.error is not None and self._is_proven(aim, self.right):
                restored = self._restored(aim)
                return Repair(restored, aim.error, True) if restored is not None else None
        singles = self._singles()
        for from_head in (False, True):
            aims = [aim for aim in self.aims if aim.from_head is from_head]
            found = self._first(aims, self._ordered(aims, singles), MOST_SINGLE) or self._two_scales(aims)
            if found is not None:
                return found
        for from_head in (False, True):
            aims = [aim for aim in self.aims if aim.from_head is from_head][:1]
            found = self._first(aims, self._pairs(singles), MOST_PAIRS)
            if found is not None:
                return found
        return None

    def _restored(self, aim: _Aim) -> Edit | None:
        """The line before is the wrong one, if a change makes it equal to this one; its mistake is what is named."""
        before = next((other.target for other in self.aims if not other.from_head), None)
        goal = _aim(self.world, aim.manner, aim.target, before, False) if before is not None else None
        if before is None or goal is None:
            return None
        # Seen from the other side: what is free here only is what the line before lacks.
        around = replace(self.around, missing=self.around.lacking, lacking=self.around.missing)
        other = _Search(self.world, self.second, before, around)
        found = other._first([goal], other._singles(), MOST_PAIRS)
        if found is None:
            return None
        return Edit(self.right, refined(found.edit, self.world, aim.target, before), 0, NOWHERE, LINE_BEFORE)

    def _singles(self) -> list[Edit]:
        """All single changes, the likeliest first."""
        found = islice(edits(self.right, self.around), self.most)
        return sorted(_distinct(found, self.right), key=lambda edit: edit.cost)

    def _ordered(self, aims: list[_Aim], singles: list[Edit]) -> list[Edit]:
        """Without constants, where the sides do not differ by one; without wide changes, where they do not fit."""
        fitting = [aim for aim in aims if aim.fits]
        if any(aim.ratio is not None for aim in fitting):
            return singles
        whole = self.right.span
        if fitting:
            return [edit for edit in singles if not (edit.is_scale and edit.span == whole != NOWHERE)]
        return [edit for edit in singles if not edit.is_wide]

    def _first(self, aims: list[_Aim], candidates: Iterable[Edit], most: int) -> Repair | None:
        """The first candidate that holds on both probes."""
        if not aims:
            return None
        tried = 0
        for candidate in islice(candidates, self.most):
            plain: dict[int, tuple[Value | None, set[str]]] = {}
            for aim in self._possible(aims, candidate):
                tried += 1
                if tried > most:
                    return None
                value = self._value(aim, candidate.term, plain)
                error = _difference(aim.value, value)
                if error is not None and error <= TOLERANCE:
                    if self._is_proven(aim, candidate.term):
                        return Repair(candidate, error, aim.from_head)
                elif error is not None and (ratio := _ratio(aim.value, value)) is not None:
                    self.ratios.append((aim, candidate, ratio))
        return None

    def _value(self, aim: _Aim, term: Term, plain: dict[int, tuple[Value | None, set[str]]]) -> Value | None:
        """The value of a candidate beside an aim; the plain one where the aim's manner reads it no otherwise."""
        known, notes = plain.get(id(aim.target), (None, set[str]()))
        if known is not None and aim.otherwise is not None and aim.otherwise not in notes:
            return known
        found = _value_and_notes(self.world, aim.manner, aim.target, term, self.kept)
        if aim.otherwise == "":
            plain[id(aim.target)] = found
        return found[0]

    def _possible(self, aims: list[_Aim], candidate: Edit) -> list[_Aim]:
        """The aims that a candidate can meet, by its indices, and without saying only that a thing is itself."""
        term, code = candidate.term, candidate.code
        if code in {"transposed", "hadamard"} and self.has_single_entries:
            return []
        if code == "wrong-operand" and _squares(term) - self.squares:
            return []
        free, standing = self.letters.of(term)
        free &= set(self.around.letters)
        possible = []
        targets = {id(aim.target): aim.target for aim in aims if aim.is_elsewhere}
        named = {place for place, target in targets.items() if _has_part(term, target)}
        for aim in aims:
            # A constant times what stands on the left, under whatever name, explains nothing.
            hides = code in {"activation-missing", "chain-factor-missing"} and aim.is_constant
            if hides or (candidate.is_wide and not aim.fits):
                continue
            if not aim.manner.sums and not (free <= aim.allowed and aim.varying <= standing):
                continue
            if id(aim.target) not in named:
                possible.append(aim)
        return possible

    def _is_proven(self, aim: _Aim, term: Term) -> bool:
        return compare(self.second, aim.target, term, aim.manner).holds

    # Two changes ------------------------------------------------------------------------------------------------------

    def _two_scales(self, aims: list[_Aim]) -> Repair | None:
        """A change after which the two sides differ by a constant factor, and that factor."""
        if not self.ratios:
            return None
        factors = self._constants()
        best: Repair | None = None
        for aim, first, ratio in self.ratios:
            if aim not in aims or first.is_wide:
                continue
            for place, factor in factors:
                if abs(factor - ratio) > 1e-7 * abs(ratio):
                    continue
                second = list(constant_factors(first.term, self.around))[place]
                both = first.then(second)
                is_better = second.code != first.code and (best is None or both.cost < best.edit.cost)
                if is_better and self._is_proven(aim, both.term):
                    turned = self._turned_inside(aim, first) if second.code == "sign-flipped" else None
                    best = Repair(turned or both, 0.0, aim.from_head)
        return best

    def _turned_inside(self, aim: _Aim, first: Edit) -> Edit | None:
        """A difference that is the wrong way round, rather than a sign in front of all."""
        for second in edits(first.term, self.around.narrowed()):
            if second.code == "residual-reversed" and compare(self.world, aim.target, second.term, aim.manner).holds:
                return first.then(second) if self._is_proven(aim, second.term) else None
        return None

    def _constants(self) -> list[tuple[int, float]]:
        """The numbers that the constant factors stand for, by their place."""
        one = Number(1.0, "1")
        values = [_value(self.world, Manner(), one, edit.term) for edit in constant_factors(one, self.around)]
        return [(place, float(v.array)) for place, v in enumerate(values) if v is not None and not v.array.ndim]

    def _pairs(self, singles: list[Edit]) -> Iterator[Edit]:
        narrow = self.around.narrowed()
        cheap = [edit for edit in singles if edit.cost <= 1.8 and not edit.is_wide][:PAIRED]
        for first in cheap:
            for second in edits(first.term, narrow):
                if second.cost <= 2 and second.code != first.code and not second.is_wide:
                    yield first.then(second)


def _has_single_entries(right: Term, around: Surroundings) -> bool:
    names = (part.at(NOWHERE) for part in right.walk() if isinstance(part, Name))
    return any(free_letters(name) & set(around.letters) and 1 in (around.shape(name) or ()) for name in names)


def _squares(term: Term) -> set[Term]:
    """Names that stand twice in a product."""
    products = (part for part in term.walk() if isinstance(part, Product))
    return {
        factor for p in products for factor in p.factors if isinstance(factor, Name) and p.factors.count(factor) > 1
    }


def _distinct(found: Iterable[Edit], right: Term) -> Iterator[Edit]:
    seen: set[Term] = {right}
    for edit in found:
        if edit.term not in seen:
            seen.add(edit.term)
            yield edit
