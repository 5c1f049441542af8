"""Statements that are no claims after all: assumptions, equations to be solved, new definitions, unknown quantities."""

from __future__ import annotations

import re

from .evaluation import ITSELF, keys_in
from .faults import MeaningError
from .readings import Read
from .session import Session
from .terms import Call, Derivative, Name, Number, Product, Terms, Total


def said_nowhere(session: Session, read: Read, epoch: int) -> str | None:
    """A quantity that stands beside defined ones here, and that no definition knows."""
    world = session.world(epoch, 0)
    known = {key for d in world.definitions.values() for key in keys_in(world, d.body)} | set(world.definitions)
    names: dict[str, Name] = {}
    for side in (read.left, read.right):
        for part in side.walk() if side is not None else ():
            if isinstance(part, Name) and part.base != ITSELF:
                try:
                    names[world.symbols.resolve(part).key] = part
                except MeaningError:
                    continue
    keys = set(names) & set(world.quantities)
    strange = [key for key in sorted(keys - known) if world.quantities[key].sizes or names[key].accent]
    return names[strange[0]].base if strange and keys & known else None


def is_derived(session: Session, read: Read) -> bool:
    """Is what stands on the left known from a derivative, and so nothing to be chosen anew?"""
    return any(
        other.left == read.left
        and other.right is not None
        and any(isinstance(p, Derivative) for p in other.right.walk())
        for other in session.reads
    )


_KNOWN_FUNCTIONS = {"sigma", "tanh", "softmax", "sigmoid", "relu", "exp", "log", "softplus"}


def is_renewed(session: Session, number: int) -> bool:
    """Does the document define this anew, rather than claim something of what it defined before?"""
    read = session.reads[number]
    if read.statement.number != 1 or is_derived(session, read):
        return False
    if isinstance(read.left, Call) and read.left.function.base in _KNOWN_FUNCTIONS:
        return False
    return not session.given or not any(other.left == read.left for other in session.reads[: session.given])


def is_assumption(session: Session, read: Read) -> bool:
    """Said of data alone, and a number on the right: sum_k y_k = 1."""
    left, right = read.left, read.right
    if not isinstance(right, Number) or not isinstance(left, (Name, Total, Terms, Product)):
        return False
    if not read.statement.formula.is_display and not any(isinstance(p, (Derivative, Number)) for p in left.walk()):
        return True
    world = session.world(0, 0)
    keys = set()
    for part in (left or right).walk():
        if isinstance(part, (Derivative, Number)) and isinstance(part, Derivative):
            return False
        if isinstance(part, Name):
            try:
                keys.add(world.symbols.resolve(part).key)
            except MeaningError:
                return False
    known = keys & set(world.quantities)
    return bool(known) and not known & set(world.definitions)


_OPTIMUM = re.compile(
    r"\b(set(ting)?\b[^.]{0,60}(zero|0)|normal equation|optimum|minimum|minimi[sz]er|stationary|vanish"
    r"|solv(e|ing)|solution|equate)",
    re.I,
)


def is_at_optimum(session: Session, read: Read) -> bool:
    """A gradient set to zero, and what follows from that: true at the optimum only."""
    right = read.right
    zero = isinstance(right, Number) and right.value == 0
    statement = read.statement
    text = session.document.text
    near = text[max(0, statement.formula.start - 120) : statement.formula.start]
    differentiated = read.left is not None and any(isinstance(part, Derivative) for part in read.left.walk())
    return (zero and differentiated) or bool(_OPTIMUM.search(near))
