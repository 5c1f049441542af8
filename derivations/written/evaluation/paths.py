"""What a differentiated term depends on, and by which definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..faults import MeaningError
from ..terms import Call, Derivative, Name, Term
from .known_world import ITSELF, World, dependencies, keys_in
from .spelling import spelled

if TYPE_CHECKING:
    from .evaluation import Evaluation


def is_nested(evaluation: Evaluation, of: Term) -> bool:
    """Does a derivative stand inside, itself or in a definition?"""
    world = evaluation.world
    keys = {key for part in of.walk() if isinstance(part, Name) for key in _keys_of(world, part)}
    reached = keys.union(*(dependencies(world, key, evaluation.through) for key in keys))
    bodies = [of, *(world.definitions[key].body for key in reached if key in world.definitions)]
    return any(isinstance(part, Derivative) or _is_primed_call(part) for body in bodies for part in body.walk())


def _is_primed_call(part: Term) -> bool:
    return isinstance(part, Call) and part.function.primes > 0


def _keys_of(world: World, name: Name) -> set[str]:
    if name.base == ITSELF:
        return {name.accent}
    try:
        return {world.symbols.resolve(name).key}
    except MeaningError:
        return set()


def require_path(evaluation: Evaluation, of: Term, key: str, by: Name) -> None:
    """What is differentiated must be said to depend on the variable, or be known not to."""
    if not isinstance(of, Name):
        return
    world, through = evaluation.world, evaluation.through
    own = next(iter(_keys_of(world, of)), "")
    if own == key or key in dependencies(world, own, through) or _takes_alternative(evaluation, own, key):
        return
    is_independent = own in world.definitions and (
        key not in world.definitions or own in dependencies(world, key, through)
    )
    if not is_independent:
        raise MeaningError(f"nothing says how {spelled(of)} depends on {spelled(by)}")


def _takes_alternative(evaluation: Evaluation, own: str, key: str) -> bool:
    """Take another definition, of the quantity or of one in between, if that leads to the variable."""
    world, through = evaluation.world, evaluation.through
    for alternative in world.alternatives.get(own, ()):
        used = keys_in(world, alternative.body)
        if key in used.union(*(dependencies(world, other, through) for other in used)):
            through[own] = alternative
            return True
    for between in dependencies(world, own, through):
        for alternative in world.alternatives.get(between, ()):
            if key in keys_in(world, alternative.body):
                through[between] = alternative
                return True
    return False
