"""Tries every reading of a statement until one holds: how far operators reach, what products mean, which layout."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from ..evaluation import ITSELF
from ..evaluation.derivatives import open_parameters
from ..faults import MeaningError
from ..grammar.sides import Reading
from ..meaning.session import POSITIVE, WIDE, Session
from ..rebuilding import map_terms
from ..renaming import index_letters
from ..terms import Call, Derivative, Name, Negative, Norm, Number, Power, Product, Term, Terms, Transposed
from ..writing.latex import latex
from .comparison import Comparison, compare, of_one_example
from .manner import Flipped, Manner, Named
from .readings import Read
from .under_conditions import SINGLE, under_conditions


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of all readings of a statement."""

    holds: bool
    convention: str | None = None
    reading: str | None = None
    error: float | None = None
    reason: str | None = None
    meaningless: bool = False
    conflict: bool = False
    unnumbered: bool = False
    left: Term | None = None
    right: Term | None = None


_MANNERS = (
    Manner(),
    Manner(entries=True),
    Manner(contract=True),
    Manner(denominator=True),
    Manner(rows=True),
    Manner(example=True),
    Manner(pointwise=True),
)


def _manners(session: Session, read: Read) -> list[Manner]:
    """Every manner of reading, with the document's own meaning of dW."""
    own = [replace(m, named=session.named) for m in _MANNERS if not (m.rows and session.has_columns)]
    loss = session.loss_before(read)
    return own if not loss else [*(replace(manner, loss=loss) for manner in own), *own]


def attempt(
    session: Session, read: Read, epoch: int, *, unnumbered: bool = False, other_layouts: bool = True
) -> Outcome:
    """Try every reading of a statement until one holds; a statement for layer l must hold for every layer."""
    first: Comparison | None = None
    conditional: Outcome | None = None
    assert read.left is not None
    assert read.right is not None
    for reading, left, right in read.readings():
        for manner in _manners(session, read):
            if replace(manner, named=Named.COST, loss="") != Manner() and not _matters(manner, left, right):
                continue
            outcome = _everywhere(session, read, epoch, left, right, manner, unnumbered=unnumbered)
            if first is None or (first.meaningless and not outcome.meaningless):
                first = outcome
            if outcome.holds:
                found = Outcome(True, _restriction(outcome), reach_said(reading), outcome.error, left=left, right=right)
                if outcome.under is None:
                    return found
                conditional = conditional or found
    if conditional is not None:
        return conditional
    assert first is not None
    readings = list(read.readings())
    by_convention = _by_convention(session, read, epoch, readings, unnumbered=unnumbered)
    if by_convention is not None and (other_layouts or by_convention.convention not in LAYOUTS_SAID.values()):
        return by_convention
    for _, left, right in readings[:2] if first.conflict else ():
        both = all(compare(session.world(epoch, 0), side, side).conflict for side in (left, right))
        if both and _everywhere(session, read, epoch, left, right, Manner(any_number=True)).holds:
            return Outcome(True, left=left, right=right)
    return Outcome(False, None, None, first.error, first.reason, first.meaningless, conflict=first.conflict)


def _restriction(outcome: Comparison) -> str | None:
    """Of what it is right only; None where it is right of all."""
    if outcome.under is not None:
        return f"right where {latex(outcome.under)}, as is said before"
    if outcome.but_last:
        return "right for all layers but the last"
    return "right whatever stands at the index that does not fit" if outcome.opaque else None


def _matters(manner: Manner, left: Term, right: Term) -> bool:
    parts = [part for side in (left, right) for part in side.walk()]
    if manner.pointwise:
        # x^T A x is no identity of functions of a number, and A B = B A none of matrices.
        return not (any(isinstance(part, Transposed) for part in parts) or _is_of_matrices(left, right))
    if manner.rows or manner.example:
        return True
    if manner.contract:
        return sum(isinstance(part, Derivative) for part in parts) >= 2
    if manner.denominator:
        return any(isinstance(part, Derivative) for part in parts)
    return any(isinstance(part, Product) for part in parts)


def _is_of_matrices(*sides: Term) -> bool:
    """Is there a derivative by a capital, or a product of capitals other than under a trace?"""
    waiting = list(sides)
    while waiting:
        term = waiting.pop()
        if isinstance(term, Derivative) and any(isinstance(by, Name) and by.base.isupper() for by in term.by):
            return True
        factors = term.factors if isinstance(term, Product) else ()
        capitals = [isinstance(factor, Name) and factor.base.isupper() for factor in factors]
        if any(one and two for one, two in pairwise(capitals)):
            return True
        waiting += [] if isinstance(term, Call) else term.children
    return False


def reach_said(reading: Reading) -> str | None:
    """How far operators reach, where that is not the plain reading."""
    parts = []
    if reading.derivative != Reading().derivative:
        parts.append("the derivative sign reaches to the end of the side")
    if reading.total != Reading().total:
        parts.append("the sum reaches beyond its first term")
    if reading.function != Reading().function:
        parts.append("the logarithm reaches over all factors")
    return "; ".join(parts) or None


def _everywhere(
    session: Session,
    read: Read,
    epoch: int,
    left: Term,
    right: Term,
    manner: Manner,
    *,
    flipped: Flipped = Flipped.NOTHING,
    unnumbered: bool = False,
) -> Comparison:
    """Compare for every number of the layer l; numbers for which something does not exist are passed over."""
    world = session.world(epoch, 0, flipped, unnumbered=unnumbered)
    nabla = _open_nabla(left) or _open_nabla(right)
    parameters = open_parameters(world, nabla) if nabla is not None else []
    if len(parameters) > 1:
        # The gradient of no named variable: it must hold for the one by every parameter.
        outcomes = [
            _everywhere(session, read, epoch, _by(left, name), _by(right, name), manner,
                        flipped=flipped, unnumbered=unnumbered)
            for name in parameters
        ]  # fmt: skip
        said = [outcome for outcome in outcomes if not outcome.meaningless] or outcomes
        return next((outcome for outcome in said if not outcome.holds), said[0])
    best: Comparison | None = None
    for layering in range(len(session.layers)) if session.has_layers(left, right) else (0,):
        world = session.world(epoch, layering, flipped, unnumbered=unnumbered)
        outcome = compare(world, left, right, manner)
        if outcome.infinite:
            # Logarithms and powers want positive numbers.
            outcome = compare(
                session.world(epoch, layering, flipped, POSITIVE, unnumbered=unnumbered), left, right, manner
            )
        if outcome.vanishing and session.has_cases:
            outcome = _where_it_varies(session, epoch, layering, left, right, manner, unnumbered, outcome)
        if outcome.holds and not flipped and session.has_branches(left, right):
            outcome = _on_other_probes(session, epoch, layering, left, right, manner, unnumbered) or outcome
        if (
            not outcome.holds
            and manner == Manner(named=session.named)
            and not isinstance(read.left, Call)
            and (valued := session.valued_world(epoch, read)) is not None
        ):
            with_values = compare(valued, left, right, manner)
            outcome = with_values if with_values.holds else outcome
        if not outcome.holds and not outcome.meaningless:
            seeds = (*session.probes, *SINGLE)
            others = (session.world(epoch, layering, flipped, seed, unnumbered=unnumbered) for seed in seeds)
            restricted = under_conditions(session, read, chain((world,), others), left, right, manner)
            outcome = restricted or outcome
        if outcome.meaningless:
            best = best or outcome
            continue
        if not outcome.holds:
            layers = session.layers[layering]
            is_last = layers.get("l") == layers.get("L") and session.has_own_output
            return replace(best, but_last=True) if best and best.holds and is_last else outcome
        best = outcome
    assert best is not None
    return best


def _open_nabla(side: Term) -> Derivative | None:
    """A gradient that stands here without saying with respect to what."""
    for part in side.walk():
        is_open = isinstance(part, Derivative) and part.form == "nabla" and not part.by
        if is_open and isinstance(part, Derivative) and not isinstance(part.of, Call):
            return part
    return None


def _by(side: Term, name: Name) -> Term:
    """With every open gradient by this name."""

    def closed(part: Term) -> Term | None:
        is_open = isinstance(part, Derivative) and part.form == "nabla" and not part.by
        return replace(part, by=(name,)) if is_open and isinstance(part, Derivative) else None

    return map_terms(side, closed)


# Numbers far from 0 cost digits where exponentials stand; another branch differs by more than this.
COARSE = 1e-4


def _where_it_varies(
    session: Session,
    epoch: int,
    layering: int,
    left: Term,
    right: Term,
    manner: Manner,
    unnumbered: bool,
    outcome: Comparison,
) -> Comparison:
    """Where a derivative is 0 on the first probe: what another one says, on which another case is met."""
    for seed in session.probes:
        other = compare(session.world(epoch, layering, seed=seed, unnumbered=unnumbered), left, right, manner)
        if not other.meaningless:
            return replace(outcome, meaningless=False, reason=None) if outcome.error is not None else other
    return outcome


def _on_other_probes(
    session: Session, epoch: int, layering: int, left: Term, right: Term, manner: Manner, unnumbered: bool
) -> Comparison | None:
    """The first probe on which it fails."""
    for seed in session.probes:
        outcome = compare(session.world(epoch, layering, seed=seed, unnumbered=unnumbered), left, right, manner)
        if seed >= WIDE and outcome.error is not None and outcome.error < COARSE:
            continue
        # A derivative that vanishes here did not on the first probe: it depends on the case.
        if not outcome.holds and (not outcome.meaningless or outcome.error is not None):
            return replace(outcome, meaningless=False, reason=None)
    return None


def map_numbers(term: Term) -> Term:
    """The term with every factor 1 as the vector of ones."""
    if isinstance(term, Product):
        ones = Name("1", font="bold")
        return replace(term, factors=tuple(ones if f == Number(1.0, "1") else map_numbers(f) for f in term.factors))
    if isinstance(term, Terms):
        return replace(term, terms=tuple(map_numbers(part) for part in term.terms))
    return replace(term, body=map_numbers(term.body)) if isinstance(term, Negative) else term


def _is_square_of_vector(left: Term, right: Term) -> bool:
    """|W|^2 = W^T W."""
    return (
        isinstance(left, (Power, Norm))
        and any(isinstance(part, Norm) for part in left.walk())
        and isinstance(right, Product)
        and len(right.factors) == 2
        and isinstance(right.factors[0], Transposed)
        and right.factors[0].body == right.factors[1]
    )


_LAYOUTS = (Flipped.EVERYTHING, Flipped.DATA, Flipped.LEARNT)


LAYOUTS_SAID = {
    Flipped.EVERYTHING: "right for columns, wrong for rows, or the reverse",
    Flipped.DATA: "right for examples in columns",
    Flipped.LEARNT: "right for weights that stand behind, as in X W",
}


def _layouts(session: Session, epoch: int, left: Term, right: Term, unnumbered: bool) -> tuple[Flipped, ...]:
    """The layouts to try; none where no matrix stands as a whole."""
    if not has_matrix(session, epoch, left, right, unnumbered=unnumbered):
        return ()
    return _LAYOUTS if session.given else _LAYOUTS[:1]


def has_matrix(session: Session, epoch: int, left: Term, right: Term, *, unnumbered: bool = False) -> bool:
    """Does a matrix stand as a whole in one of the sides?"""
    world = session.world(epoch, 0, unnumbered=unnumbered)
    for side in (left, right):
        for part in side.walk():
            if isinstance(part, Name) and part.base != ITSELF:
                try:
                    symbol = world.symbols.resolve(part)
                except MeaningError:
                    continue
                quantity = world.quantities.get(symbol.key)
                if quantity is not None and len(quantity.sizes) - len(symbol.indices) >= 2:
                    return True
    return False


def _by_convention(
    session: Session, read: Read, epoch: int, readings: list[tuple[Reading, Term, Term]], *, unnumbered: bool = False
) -> Outcome | None:
    """Is it right under another convention than the document's own?"""
    for _, left, right in readings[:2]:
        if _is_square_of_vector(left, right):
            return Outcome(True, "right for a vector; for a matrix it is the trace", left=left, right=right)
        for said, one, two, manner, flipped in _conventions(session, read, epoch, left, right, unnumbered):
            outcome = _everywhere(session, read, epoch, one, two, manner, flipped=flipped, unnumbered=unnumbered)
            if outcome.holds:
                return Outcome(True, said, None, outcome.error, left=left, right=right)
    return None


def _conventions(
    session: Session, read: Read, epoch: int, left: Term, right: Term, unnumbered: bool
) -> Iterator[tuple[str, Term, Term, Manner, Flipped]]:
    """What is said of another convention, with the sides and the manner of reading under it."""
    own = Manner(named=session.named)
    for manner in (manner for manner in _manners(session, read) if not manner.pointwise):
        for flipped in _layouts(session, epoch, left, right, unnumbered):
            yield LAYOUTS_SAID[flipped], left, right, manner, flipped
    if _NUMERATOR.search(session.prose) and any(isinstance(p, Derivative) for p in left.walk()):
        for one, numerator in ((Transposed(left), False), (Transposed(left), True), (left, True)):
            said = "right in numerator layout"
            yield said, one, right, replace(own, numerator=numerator), Flipped.NOTHING
    if isinstance(left, Derivative) and any(isinstance(by, Name) and by.base.isupper() for by in left.by):
        yield "right in numerator layout", Transposed(left), right, own, Flipped.NOTHING
    if says_one_example(session.prose):
        single = of_one_example(session.world(epoch, 0), left) or left
        yield "right for one example", single, right, replace(own, example=True, named=Named.EXAMPLE), Flipped.NOTHING
    has_ones = session.names_ones or _ONES.search(session.prose)
    if has_ones and (with_ones := map_numbers(right)) != right:
        yield "right if 1 is the vector of ones", left, with_ones, own, Flipped.NOTHING
    if session.einstein:
        letters = frozenset(index_letters(right) | index_letters(left))
        said = "right if summation over repeated indices is implied"
        yield said, left, right, replace(own, sums=letters), Flipped.NOTHING
    said = "right whatever stands at the index that does not fit"
    yield said, left, right, replace(own, opaque=True), Flipped.NOTHING


_ONE_EXAMPLE = re.compile(
    r"\b(drop|omit|suppress|leave out|leaving out|skip)\w*\b[^.]{0,40}\b(index|indices|superscripts?|subscripts?|sum)\b"
    r"|\b(for|of|on) (one|a single|an individual) (training |data )?(example|sample|pattern|point|observation)"
    r"|\bif \$?[nNm]\s*=\s*1\b",
    re.I,
)


def says_one_example(prose: str) -> bool:
    """Does the text say that one example is meant where none is numbered?

    >>> says_one_example("For brevity we drop the index $n$."), says_one_example("The loss is averaged.")
    (True, False)
    """
    return bool(_ONE_EXAMPLE.search(prose))


_NUMERATOR = re.compile(r"numerator|jacobian layout|row vector", re.I)
_ONES = re.compile(r"(vector|column|row) of (all )?ones|all-ones|ones vector|1 is a vector", re.I)
