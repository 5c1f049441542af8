"""Statements that are no claims after all: assumptions, equations to be solved, new definitions, unknown quantities."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..evaluation import ITSELF, World, dependencies, keys_in
from ..evaluation.known_functions import is_open
from ..faults import MeaningError
from ..meaning.known_names import function_key
from ..meaning.session import Session
from ..meaning.symbols import LOSSES
from ..terms import NOWHERE, Call, Derivative, Name, Negative, Number, Product, Term, Terms, Total
from .readings import Read, parts_of
from .under_conditions import is_constant_where_said


def said_nowhere(session: Session, read: Read, epoch: int) -> str | None:
    """A quantity that stands beside defined ones here, and that no definition knows, or none that makes sense."""
    world = session.world(epoch, 0)
    known = {key for d in world.definitions.values() for key in keys_in(world, d.body)} | set(world.definitions)
    names = {world.symbols.key(name): name for name in _names(read)}
    keys = set(names) & set(world.quantities)
    lost = sorted(set(names) & world.not_understood)
    strange = [key for key in sorted(keys - known) if world.quantities[key].sizes or names[key].accent]
    if lost:
        return names[lost[0]].base
    return names[strange[0]].base if strange and keys & known else None


def function_left_open(session: Session, read: Read, epoch: int) -> str | None:
    """A function without a formula that the statement itself says something of, or that stands on one side only."""
    world = session.world(epoch, 0)
    left, right = (_open_functions(world, side) for side in (read.left, read.right))
    if isinstance(call := _called(read.left), Call) and is_open(world, call.function):
        return call.function.base
    alone = {**left, **right}.keys() - (left.keys() & right.keys()) - _used_functions(world)
    return {**left, **right}[min(alone)].base if alone else None


def _used_functions(world: World) -> set[str]:
    """The keys of functions without a formula that definitions are made of."""
    bodies = [d.body for d in world.definitions.values()] + [f.body for f in world.functions.values()]
    return {key for body in bodies for key in _open_functions(world, body)}


def slope_meant(session: Session, read: Read, epoch: int) -> Read | None:
    """g'(z) = 1 - a^2 after a = tanh(z), where nothing says what g is: the derivative of a by z is meant."""
    left, world = read.left, session.world(epoch, 0)
    if not isinstance(left, Call) or left.function.primes != 1 or not is_open(world, left.function):
        return None
    if function_key(left.function, world.symbols) in _used_functions(world):
        return None
    if len(left.arguments) != 1 or not isinstance(by := left.arguments[0], Name):
        return None
    key = world.symbols.key(by)
    made = {
        name.at(NOWHERE) for name in _plain_names(read.right) if key in dependencies(world, world.symbols.key(name))
    }
    if len(made) != 1:
        return None
    return replace(read, left=Derivative(made.pop(), (by,)), parsed=[], unparsed=None)


def _plain_names(side: Term | None) -> Iterator[Name]:
    """Names without indices, powers left out."""
    for part in parts_of(side):
        if isinstance(part, Name) and not part.sub:
            yield replace(part, sup=()) if all(isinstance(script.body, Number) for script in part.sup) else part


def _called(left: Term | None) -> Term | None:
    """f(z) of f'(z), -f(z) and df(z)/dz."""
    if isinstance(left, Negative):
        return _called(left.body)
    if isinstance(left, Derivative) and isinstance(left.of, Call) and left.by == left.of.arguments:
        return left.of
    return left


def _open_functions(world: World, side: Term | None) -> dict[str, Name]:
    calls = (part.function for part in parts_of(side) if isinstance(part, Call))
    return {function_key(name, world.symbols): name for name in calls if is_open(world, name)}


def _names(read: Read) -> Iterator[Name]:
    for side in (read.left, read.right):
        yield from (part for part in parts_of(side) if isinstance(part, Name) and part.base != ITSELF)


def is_property(session: Session, read: Read, epoch: int) -> bool:
    """A^T = A, W^T W = I: said of one quantity that is free, this is what it is assumed to be."""
    world = session.world(epoch, 0)
    keys = {world.symbols.key(name) for name in _names(read)} - {"I"}
    parts = [*parts_of(read.left), *parts_of(read.right)]
    is_plain = not any(isinstance(part, (Derivative, Call, Total)) for part in parts)
    return is_plain and len(keys) == 1 and keys <= set(world.quantities) - set(world.definitions)


def is_differential(session: Session, read: Read) -> bool:
    """df = tr(R^T dR): on a page of differentials, d before a letter is no derivative of the loss."""
    if not any(_is_of_scalar(other.left, session) for other in session.reads):
        return False
    return any(
        isinstance(part, Derivative) and part.of is None and part.form == "named"
        for part in (*parts_of(read.left), *parts_of(read.right))
    )


def _is_of_scalar(left: Term | None, session: Session) -> bool:
    """dL, df: d before what is differentiated itself."""
    if not isinstance(left, Derivative) or left.of is not None or left.form != "named":
        return False
    world, by = session.world(0, 0), left.by[0]
    key = world.symbols.key(by) if isinstance(by, Name) else ""
    quantity = world.quantities.get(key)
    is_loss = key in world.definitions and key in LOSSES and quantity is not None and not quantity.sizes
    return is_loss or (bool(key) and key == world.loss)


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


def says_rewritten(read: Read) -> bool:
    """Does the text before it say that this is the same in other words?"""
    return bool(_REWRITTEN.search(read.statement.words))


def says_renewed(read: Read) -> bool:
    """Does the text before it say that something new begins here?"""
    return bool(_RENEWED.search(read.statement.words))


_REWRITTEN = re.compile(
    r"\b(expand\w*|re-?writ\w*|written out|substitut\w*|simplif\w*|follows|hence|therefore|thus|i\.\s?e|equivalent\w*"
    r"|in other words|plugging|inserting|multiply\w* out)\b[^.]{0,40}$", re.I,
)  # fmt: skip
_RENEWED = re.compile(
    r"\b(now|let|define[sd]?|instead|new|suppose|consider|replace\w*|alternativ\w*|part|exercise|problem|question"
    r"|task|model|section|regulari\w*|penal\w*|use|using|with|for|case)\b|^#|\\(sub)*section|\\paragraph", re.I | re.M,
)  # fmt: skip


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


def is_at_optimum(session: Session, read: Read, epoch: int) -> bool:
    """A gradient set to zero, and what follows from that: true at the optimum only."""
    statement = read.statement
    text = session.document.text
    near = text[max(0, statement.formula.start - 120) : statement.formula.start]
    differentiated = any(isinstance(part, Derivative) for part in parts_of(read.left))
    if _is_zero(read.right) and differentiated:
        # That the slope of relu is 0 when z > 0 is no equation in z: it is 1 there, whatever z is.
        return not is_constant_where_said(session, read, epoch)
    return bool(_OPTIMUM.search(near))


def says_derivative(read: Read) -> bool:
    """dL/dw = X^T r: what a derivative is, rather than that it is 0, or as large as another one."""
    return (
        isinstance(read.left, Derivative) and read.statement.number == 1 and not _is_zero(read.right)
        and not any(isinstance(part, Derivative) for part in parts_of(read.right))
    )  # fmt: skip


def _is_zero(side: Term | None) -> bool:
    return isinstance(side, Number) and side.value == 0
