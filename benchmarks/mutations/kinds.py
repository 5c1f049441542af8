"""Kinds of mutation: what holds of each, and how its mutator is entered into the list of them."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from checkers.findings import Family

from .source import Code, Edit, N, Role

Families = frozenset[Family]


class Group(StrEnum):
    """Can one small edit of one expression undo it?"""

    A = "A"
    B = "B"


class Slip(StrEnum):
    """The kinds of mistake by which real ones were counted."""

    REGULARISER = "regulariser"
    ACTIVATION = "activation derivative"
    LOSS = "loss or softmax definition"
    AVERAGING = "averaging"
    OTHER = "other"
    CONSTANT = "constant factor"
    SUM = "sum placement"
    SHAPE = "shape, transposition"
    SIGN = "sign"
    CHAIN = "chain"


SLIP_BY_ROLE = {
    Role.REGULARISER: Slip.REGULARISER,
    Role.DERIVATIVE: Slip.ACTIVATION,
    Role.ACTIVATION: Slip.ACTIVATION,
    Role.SOFTMAX: Slip.LOSS,
    Role.LOSS: Slip.LOSS,
}


# What the place adds to the family of the edit; see the module's docstring.
FAMILIES_BY_ROLE = {
    Role.DERIVATIVE: Family.ACTIVATION,
    Role.ACTIVATION: Family.ACTIVATION,
    Role.SOFTMAX: Family.SOFTMAX,
    Role.LOSS: Family.LOSS,
    Role.FORWARD: Family.LOSS,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the source.

    Attributes:
        node: where it is, which gives its role.
        base: its family, where it is not the mutator's.
        only: all its families, where the role adds nothing.
        slip: its kind, where neither the role nor the mutator says it.
        around: are the lines before and after its place right to point at, because nothing is left there?
        undefined: names that nothing defines any more; the first use is then right to point at, too.
        same: equal for changes that are one slip made at several places; empty where that makes no sense.
    """

    node: ast.AST
    edits: tuple[Edit, ...]
    base: Families | None = None
    only: Families | None = None
    slip: Slip | None = None
    around: bool = False
    undefined: tuple[str, ...] = ()
    same: str = ""


Mutator = Callable[[Code], Iterator[Change]]
# Functions of NumPy whose result students return as it is.
ARRAY_CALLS = {"sum", "mean", "dot", "outer", "einsum", "where", "maximum", "matmul", "reshape", "tanh"}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of mutation: its name, and what holds of it where its place says nothing else."""

    name: str
    group: Group
    slip: Slip
    base: Families
    mutator: Mutator


KINDS: dict[str, Kind] = {}


def kind(name: str, group: Group, slip: Slip, *base: Family) -> Callable[[Mutator], Mutator]:
    """Enter a mutator into `KINDS`."""

    def entered(mutator: Mutator) -> Mutator:
        KINDS[name] = Kind(name, group, slip, frozenset(base), mutator)
        return mutator

    return entered


def changed(node: N, **fields: object) -> N:
    """A copy with other fields."""
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def either(*families: Family) -> Families:
    return frozenset(families)


def returned(statement: ast.Return) -> list[ast.expr]:
    value = statement.value
    return list(value.elts) if isinstance(value, ast.Tuple | ast.List) else [value] if value is not None else []


def rewritten(code: Code, statement: ast.stmt, new: ast.stmt) -> Edit:
    """Another statement on the lines of this one, which stands alone there."""
    start, end = code.span(statement)
    return Edit(start, end, ast.unparse(new).replace("\n", "\n" + " " * statement.col_offset))


def loss_too(code: Code, node: ast.AST, *families: Family) -> Families:
    """The regulariser's family with others, and the loss's where it is the loss that is regularised."""
    is_loss = code.statement(node) in code.loss_statements
    return either(Family.REGULARISER, *families, *([Family.LOSS] if is_loss else []))
