"""From a wrong statement to what is said of it: the change that makes it right, as a finding with its place."""

from __future__ import annotations

from dataclasses import dataclass, replace

from checkers.findings import FAMILY_OF, Certainty, Family, Finding

from ..evaluation import ITSELF, World, dependencies
from ..faults import MeaningError
from ..judging.attempts import Outcome
from ..judging.comparison import compare, of_one_example
from ..judging.manner import Manner
from ..judging.readings import Read, names_on_line, parts_of
from ..judging.under_conditions import SINGLE, worlds_meeting
from ..meaning.session import Session
from ..meaning.symbols import LOSSES, Symbols
from ..renaming import index_letters, with_layers
from ..terms import Call, Derivative, Entries, Name, Number, Power, Product, Term, Total
from ..writing.latex import latex
from ..writing.tidy import tidied
from .edits import Edit
from .messages import LINE_BEFORE, hint, message
from .repair import refined, repair


@dataclass(slots=True)
class Chain:
    """What is known of the chain that a statement belongs to."""

    number: int = -1
    head: Term | None = None
    wrong: bool = False


_REPAIRING = (Manner(), Manner(entries=True), Manner(contract=True), Manner(opaque=True))


# Readings of one statement that a correction is looked for in.
MOST_READINGS = 2


def has_capitals(session: Session, read: Read) -> bool:
    """Does a small letter stand for the rows or columns of a capital, so that an index may be another's?"""
    symbols = session.symbols(0)
    for side in (read.left, read.right):
        for part in side.walk() if side is not None else ():
            if isinstance(part, Name) and part.base != ITSELF:
                try:
                    key = symbols.resolve(part).key
                except MeaningError:
                    continue
                if key[:1] == part.base.upper() != part.base:
                    return True
    return False


def has_powers(session: Session, read: Read) -> bool:
    """Is a letter of this statement an exponent somewhere, as in x^i, so that nothing says how far it runs?"""
    letters = {letter for side in (read.left, read.right) if side is not None for letter in index_letters(side)}
    exponents = {
        part.base for other in session.reads for side in (other.left, other.right)
        for power in parts_of(side) if isinstance(power, Power) for part in names_on_line(power.exponent)
    }  # fmt: skip
    return bool(letters & exponents)


def diagnosed(
    session: Session, read: Read, epoch: int, chain: Chain, outcome: Outcome
) -> tuple[tuple[Finding, ...], Term | None]:
    """The finding of a wrong statement, and its right side corrected."""
    left, right = read.left, read.right
    assert left is not None
    assert right is not None
    if not speaks_of_quantities(session, read, epoch):
        return (finding_of(session, read, "arithmetic", None, None),), None
    layering = _layering_that_fails(session, read, epoch, left, right)
    numbered = Symbols(session.usage, session.layers[layering])
    head = with_layers(chain.head, numbered) if chain.head is not None else None
    others = [side for other in session.reads for side in (other.left, other.right) if side is not None]
    sides = [(with_layers(one, numbered), with_layers(two, numbered)) for _, one, two in read.readings()]
    for unnumbered in (False, True) if outcome.unnumbered else (False,):
        worlds = _probes(session, read, epoch, layering, unnumbered)
        for one, two in sides[:MOST_READINGS] if len(worlds) > 1 else ():
            world, second, *further = worlds
            found = _corrected(world, second, one, two, head, others, session.loss_before(read))
            if found is not None and _fails_on(further, world, one, found.term):
                continue
            if found is not None and _is_likely(session, read, found, outcome):
                mistakes = (found, found.second) if found.second is not None else (found,)
                codes = [refined(edit, world, one, two) for edit in mistakes]
                findings = (finding_of(session, read, *both, outcome) for both in zip(codes, mistakes, strict=True))
                return tuple(findings), tidied(found.term, two)
    if outcome.unnumbered and outcome.error is None and (by_shape := _sum_by_shape(left, right)):
        return (finding_of(session, read, by_shape, None, None),), right
    return (finding_of(session, read, "unknown", None, outcome),), None


def _probes(session: Session, read: Read, epoch: int, layering: int, unnumbered: bool) -> list[World]:
    """The probes on which a correction must hold: those that meet its condition, and of a function all its cases."""
    has_branches = session.has_branches(*(side for side in (read.left, read.right) if side is not None))
    seeds = (0, *session.probes, *SINGLE) if has_branches else (0, 1)
    worlds = [session.world(epoch, layering, seed=seed, unnumbered=unnumbered) for seed in seeds]
    meeting = worlds_meeting(session, read, worlds) if has_branches else None
    return worlds if meeting is None else meeting


def _fails_on(worlds: list[World], first: World, left: Term, right: Term) -> bool:
    """Does a correction that holds on the first probe not hold in another case?"""
    manners = [m for m in (*_REPAIRING, Manner(pointwise=True)) if compare(first, left, right, m).holds]
    return bool(manners) and any(
        not any(outcome.holds or (outcome.meaningless and outcome.error is None) for outcome in outcomes)
        for outcomes in ([compare(world, left, right, manner) for manner in manners] for world in worlds)
    )


# What can be wrong where the two sides do not even fit together.
_MISFITS = {Family.PRODUCT, Family.SUM, Family.INDEX, Family.CHAIN, Family.WRITTEN, Family.SHAPE}


def _is_likely(session: Session, read: Read, found: Edit, outcome: Outcome) -> bool:
    """Where the sides do not fit as they are read, only what would explain that is believed."""
    if outcome.error is not None:
        return True
    if found.code == "wrong-index" and has_capitals(session, read):
        return False
    if found.note == "the samples" and not _has_capital(read) and not _is_of_cost(session, read):
        return False
    return FAMILY_OF[found.code] in _MISFITS


def _has_capital(read: Read) -> bool:
    """Does a matrix stand in the statement?"""
    return any(
        isinstance(part, Name) and part.base[0].isupper() and part.base not in LOSSES
        and all(isinstance(index, Number) for index in part.sub)
        for side in (read.left, read.right) if side is not None for part in side.walk()
    )  # fmt: skip


def _is_of_cost(session: Session, read: Read) -> bool:
    """Is the left side a derivative of the cost of all examples, without its penalty perhaps?"""
    world, left = session.world(0, 0), read.left
    if not isinstance(left, Derivative) or not isinstance(left.of, Name) or world.samples is None:
        return False
    key = world.symbols.key(left.of)
    return world.loss is not None and key in {world.loss, *dependencies(world, world.loss)}


def _corrected(
    world: World, second: World, left: Term, right: Term, head: Term | None, others: list[Term], loss: str
) -> Edit | None:
    """The change that makes the statement right, on two probes."""
    if (label := _label_as_factor(world, right)) is not None:
        return label
    found = repair(world, second, left, right, head, others, _REPAIRING, loss)
    if found is None and (single := of_one_example(world, left)) is not None:
        # The loss of one example is meant: what else is wrong?
        found = repair(world, second, single, right, None, others, (Manner(example=True),))
    if found is not None:
        return found.edit
    if _lost_derivative(world, left, right, others):
        return Edit(right, "derivative-lost", 1, left.span)
    return None


def _label_as_factor(world: World, right: Term) -> Edit | None:
    """e^{z_i} y_i, where y_i numbers a class: e^{z_{y_i}} is meant."""
    for part in right.walk():
        if not isinstance(part, Product):
            continue
        for first, second in zip(part.factors, part.factors[1:], strict=False):
            if not (isinstance(second, Name) and isinstance(first, Power) and isinstance(first.exponent, Name)):
                continue
            quantity = world.quantities.get(world.symbols.resolve(second).key)
            if quantity is not None and quantity.is_label:
                meant = replace(first, exponent=replace(first.exponent, sub=(second,)))
                return Edit(meant, "wrong-index", 1, (first.span[0], second.span[1]))
    return None


def _sum_by_shape(left: Term, right: Term) -> str | None:
    """A number where a matrix belongs, or the reverse, since a sum stands on one side only."""
    sums = [any(isinstance(part, Total) for part in side.walk()) for side in (left, right)]
    return None if sums[0] == sums[1] else "sum-missing" if sums[0] else "sum-extra"


def _lost_derivative(world: World, left: Term, right: Term, others: list[Term]) -> bool:
    """Does the right side say the derivative of what stands on the left?"""
    if not isinstance(left, (Name, Call)):
        return False
    variables = dict.fromkeys(
        by.at((0, 0)) for other in others for p in other.walk() if isinstance(p, Derivative) for by in p.by
    )
    letters = sorted(index_letters(right))
    for variable in variables:
        for of in (left, *(Entries(left, (Name(letter),)) for letter in letters)):
            if compare(world, Derivative(of, (variable,)), right).holds:
                return True
    return False


def speaks_of_quantities(session: Session, read: Read, epoch: int) -> bool:
    """Does the statement speak of anything but numbers?"""
    return any(isinstance(part, Name) for side in (read.left, read.right) if side is not None for part in side.walk())


def _layering_that_fails(session: Session, read: Read, epoch: int, left: Term, right: Term) -> int:
    for layering in range(len(session.layers)):
        outcome = compare(session.world(epoch, layering), left, right)
        if not outcome.holds and not outcome.meaningless:
            return layering
    return 0


def finding_of(session: Session, read: Read, code: str, edit: Edit | None, outcome: Outcome | None) -> Finding:
    """What is said of a wrong statement, and where."""
    document, statement = session.document, read.statement
    start, end = edit.span if edit is not None and edit.span != (0, 0) else (statement.start, statement.end)
    line, column = document.position(start)
    end_line, end_column = document.position(end)
    said = message(code, edit)
    if edit is None and outcome is not None and outcome.reason:
        said = f"The two sides do not fit: {outcome.reason}."
    mends = edit is not None and edit.note != LINE_BEFORE and read.right not in {None, edit.term}
    fix = latex(tidied(edit.term, read.right)) if edit is not None and mends else None
    return Finding(
        code, said, Certainty.PROVEN if edit is not None else Certainty.OBSERVED, hint(code), line=line, column=column,
        end_line=end_line, end_column=end_column, source=document.text[start:end],
        fix=fix,
    )  # fmt: skip
