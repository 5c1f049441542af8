"""What is wrong with an equality: the small change of its right side that makes it right, run and proven."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from .edits import Edit, Surroundings, edits
from .evaluation import Evaluation, Manner, World
from .faults import MeaningError
from .judge import TOLERANCE, compare
from .terms import Call, Derivative, Name, Product, Term, Terms, Total
from .values import Value, relative_difference

# Seconds that the search for one statement's correction may take.
PATIENCE = 0.25


@dataclass(frozen=True, slots=True)
class Repair:
    """A correction that was run: the right side as it should be, and the mistake it undoes."""

    edit: Edit
    error: float
    from_head: bool = False
    """It makes the right side equal to what the chain began with, not to the line before."""


def surroundings(world: World, left: Term, right: Term, others: Iterable[Term]) -> Surroundings:
    """What a mistake in this statement may have been drawn from."""
    evaluation = Evaluation(world)
    evaluation.learn_letters(left, right)
    letters = dict(evaluation.letters)
    free_left, free_right = _free(world, left, letters), _free(world, right, letters)
    bound = {name.base for part in right.walk() if isinstance(part, Total) for name in part.indices}
    inner = Evaluation(world)
    for part in right.walk():
        if isinstance(part, Total):
            inner.learn_letters(part.body)
    letters |= {letter: size for letter, size in inner.letters.items() if letter not in letters and letter not in bound}
    names = _names([left, right, *others], world)
    has_matrices = any(_positional(world, part) for side in (left, right) for part in side.walk() if isinstance(part, Name))
    scalars = tuple(
        name for name in names if not name.sub and name.base in {"lambda", "alpha", "eta", "beta", "gamma", "mu"} and _is_scalar(world, name)
    )
    quantities = tuple(name for name in names if name not in scalars)
    factors = tuple(
        dict.fromkeys(
            part.at((0, 0)) for side in (left, right, *others) for part in side.walk()
            if (isinstance(part, Derivative) and part.form == "partial" and part.of is not None and not isinstance(part.of, (Terms, Product)))
            or (isinstance(part, Call) and part.function.primes == 1)
        )
    )  # fmt: skip
    variables = tuple(by for part in left.walk() if isinstance(part, Derivative) for by in part.by)
    missing = tuple(sorted(free_right - free_left)) or tuple(sorted(set(letters) - free_left))
    return Surroundings(
        letters, missing, tuple(sorted(free_left - free_right)), _size_names(world), quantities, scalars, factors[:8],
        variables, has_matrices,
    )  # fmt: skip


def _size_names(world: World) -> tuple[str, ...]:
    """One name for each size, those of the document first."""
    seen: dict[int, str] = {}
    for name, size in world.sizes.items():
        if not name.startswith("~"):
            seen.setdefault(size, name)
    return tuple(seen.values())[:5]


def _free(world: World, term: Term, letters: dict[str, int]) -> set[str]:
    try:
        evaluation = Evaluation(world)
        evaluation.letters = dict(letters)
        return set(evaluation.value(term).axes)
    except (MeaningError, ValueError, RecursionError, np.linalg.LinAlgError):
        return set()


def _names(terms: Iterable[Term], world: World) -> tuple[Name, ...]:
    """Names of quantities as the document writes them, once each."""
    found: dict[Name, None] = {}
    for term in terms:
        for part in term.walk():
            if isinstance(part, Name) and not part.primes:
                try:
                    key = world.symbols.resolve(part).key
                except MeaningError:
                    continue
                if key in world.quantities and len(found) < 24:
                    found[replace(part, span=(0, 0))] = None
    return tuple(found)


def _is_scalar(world: World, name: Name) -> bool:
    key = world.symbols.resolve(name).key
    return key in world.quantities and not world.quantities[key].sizes and key not in world.definitions


def _positional(world: World, name: Name) -> bool:
    try:
        symbol = world.symbols.resolve(name)
    except MeaningError:
        return False
    quantity = world.quantities.get(symbol.key)
    return quantity is not None and len(quantity.sizes) - len(quantity.dropped) > len(symbol.indices)


Judge = Callable[[World, Term, Term], bool]


def repair(
    world: World, second: World, left: Term, right: Term, head: Term | None, others: Iterable[Term], manners: Iterable[Manner],
    patience: float = PATIENCE,
) -> Repair | None:
    """The cheapest change of the right side that makes it equal to the left, on two probes.

    Where none does, one that makes it equal to the head of its chain: the line before may be the wrong one.
    """
    around = surroundings(world, left, right, others)
    end = time.perf_counter() + patience
    kept = tuple(manners)
    targets = [(left, False)] + ([(head, True)] if head is not None and head != left else [])
    singles = sorted(_distinct(edits(right, around)), key=lambda edit: edit.cost)
    for target, from_head in targets:
        found = _first(world, second, target, singles, kept, end)
        if found is not None:
            return Repair(found[0], found[1], from_head)
    cheap = [edit for edit in singles if edit.cost <= 1.5][:24]
    for target, from_head in targets:
        pairs = _pairs(cheap, around)
        found = _first(world, second, target, pairs, kept[:1], end + patience)
        if found is not None:
            return Repair(found[0], found[1], from_head)
    return None


def _distinct(found: Iterable[Edit]) -> Iterator[Edit]:
    seen: set[Term] = set()
    for edit in found:
        if edit.term not in seen:
            seen.add(edit.term)
            yield edit


def _pairs(cheap: list[Edit], around: Surroundings) -> Iterator[Edit]:
    for first in cheap:
        for second in edits(first.term, around):
            if second.cost <= 2:
                yield replace(second, code=first.code, cost=first.cost + second.cost, note=f"also {second.code}", span=first.span)


def _first(
    world: World, second: World, left: Term, candidates: Iterable[Edit], manners: tuple[Manner, ...], end: float
) -> tuple[Edit, float] | None:
    """The first candidate that holds on the probe and on another."""
    targets: list[tuple[Manner, Evaluation, Value]] = []
    for manner in manners:
        evaluation = Evaluation(world, manner)
        try:
            evaluation.learn_letters(left)
            targets.append((manner, evaluation, evaluation.value(left)))
        except (MeaningError, ValueError, RecursionError, np.linalg.LinAlgError):
            continue
    for candidate in candidates:
        if time.perf_counter() > end:
            return None
        for manner, _, value in targets:
            error = _error(world, manner, value, left, candidate.term)
            if error is not None and error <= TOLERANCE:
                proof = compare(second, left, candidate.term, manner)
                if proof.holds:
                    return candidate, error
    return None


def _error(world: World, manner: Manner, value: Value, left: Term, term: Term) -> float | None:
    evaluation = Evaluation(world, manner)
    try:
        evaluation.learn_letters(left, term)
        other = evaluation.value(term)
        if not np.isfinite(other.array).all():
            return None
        return relative_difference(value, other)
    except (MeaningError, ValueError, RecursionError, IndexError, np.linalg.LinAlgError, OverflowError):
        return None




def refined(edit: Edit, world: World, left: Term, right: Term) -> str:
    """The code of the mistake, with what the surroundings say about it."""
    code = edit.code
    penalty = any(isinstance(part, Name) and part.base == "lambda" for part in right.walk())
    changed = _changed_part(edit, right)
    in_penalty = changed is not None and any(isinstance(p, Name) and p.base == "lambda" for p in changed.walk())
    if in_penalty and penalty:
        return {
            "factor": "regulariser-factor", "term-sign": "regulariser-sign", "mean-missing": "regulariser-scaled",
            "mean-twice": "regulariser-scaled", "wrong-power": "regulariser-form", "sum-extra": "regulariser-form",
            "sign-flipped": "regulariser-sign", "term-missing": "regulariser-on-bias", "wrong-count": "regulariser-scaled",
        }.get(code, code)  # fmt: skip
    if code == "wrong-power" and _is_slope(left):
        return "activation-derivative"
    return code


def _changed_part(edit: Edit, right: Term) -> Term | None:
    """The term of the right side in which the change was made."""
    start, end = edit.span
    terms = right.terms if isinstance(right, Terms) else (right,)
    for term in terms:
        begin, stop = getattr(term, "span", (0, 0))
        if begin <= start and end <= stop and (begin, stop) != (0, 0) and len(terms) > 1:
            return term
    return None


def _is_slope(left: Term) -> bool:
    """da/dz or f'(z)."""
    return (isinstance(left, Call) and left.function.primes > 0) or (
        isinstance(left, Derivative) and isinstance(left.of, Name) and left.of.base in {"a", "h", "f", "g", "sigma", "phi"}
    )
