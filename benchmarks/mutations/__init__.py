"""Mistakes planted in right submissions: the source changed as students change it, with what should be said of it.

Nothing here is shared with the checks: which change is which mistake is told from the source alone.

    Code            a right submission: text, syntax tree, and what each part of it is for (`Role`)
    Change          what a mutator yields: pieces of text to replace
    Mutant          the changed source, with its group, the families that name it and the lines to point at

Group A: one small edit of one expression undoes it. Group B: no such edit does: a statement dropped or moved, a branch,
a loop, a helper's body, the same slip at several places.

How the expected families follow: every mutator has a base, the family of what it does (`/ n` dropped is scale, a
transpose is product). Where it stands says more (`FAMILIES_BY_ROLE`): inside a regulariser's term it is a mistake in
the regulariser, whose signs, factors and sums have codes of their own; inside an activation's derivative, a softmax or
a loss, the family of that place is as honest as the family of the edit (a square missing in 1 - a**2 is
`activation-derivative` and `wrong-power`); after a wrong forward pass, or a wrong line that loss and gradient share,
the gradient may be the right one of a wrong loss. A statement's mutator says what the statement was for (`_purpose`);
a name that nothing defines any more is `code`, whatever it was for.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from checkers.findings import Family

from . import expressions, statements
from .kinds import FAMILIES_BY_ROLE, KINDS, SLIP_BY_ROLE, Change, Families, Group, Kind, Slip, loss_too
from .source import Code, Role, Shapes

UNNAMED_IN_REGULARISER = {Family.CODE, Family.PRODUCT, Family.INDEX, Family.SUM}

__all__ = ["KINDS", "Group", "Mutant", "Role", "Slip", "expressions", "mutants_of", "statements"]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A right submission with one mistake in it; lines count from 1, in the mutant."""

    kind: str
    group: Group
    slip: Slip
    families: Families
    lines: tuple[int, ...]
    source: str


def mutants_of(source: str, shapes: Shapes | None = None, otherwise: Role = Role.GRADIENT) -> list[Mutant]:
    """Every mutant of a right submission that parses and differs from it, each source once.

    Args:
        source: the submission's text.
        shapes: function -> name -> shape, from a trial call; without it no name takes another's place.
        otherwise: the role of what its place says nothing of.
    """
    code = Code(source, shapes or {}, otherwise)
    found: dict[str, Mutant] = {}
    for one in list(KINDS.values()):
        for change in one.mutator(code):
            _enter(found, code, one, change, one.name, one.group)
        if one.group is Group.A:
            for change in everywhere(code, one):
                _enter(found, code, one, change, f"{one.name}, everywhere", Group.B)
    return list(found.values())


def _enter(found: dict[str, Mutant], code: Code, one: Kind, change: Change, name: str, group: Group) -> None:
    source, lines = _applied(code.source, change)
    if source in found or source == code.source:
        return
    try:
        ast.parse(source)
    except SyntaxError:
        return
    role = code.role(change.node)
    slip = change.slip or SLIP_BY_ROLE.get(role, one.slip)
    if role is Role.REGULARISER and change.only is None:
        slip = Slip.REGULARISER
    found[source] = Mutant(name, group, slip, _expected(code, change, one, role), lines, source)


def _expected(code: Code, change: Change, one: Kind, role: Role) -> Families:
    base = one.base if change.base is None else change.base
    families = change.only or base
    if change.only is None and role is Role.REGULARISER:
        # Sign, factor and sum have their own names there; a wrong array, product or bracket has not.
        families = loss_too(code, change.node, *(base & UNNAMED_IN_REGULARISER))
    elif change.only is None and role in FAMILIES_BY_ROLE:
        families = base | {FAMILIES_BY_ROLE[role]}
    is_shared = code.statement(change.node) in code.shared_statements and families != {Family.CODE}
    return families | {Family.LOSS} if is_shared else families


def _applied(source: str, change: Change) -> tuple[str, tuple[int, ...]]:
    """The changed source, and the lines in it that are right to point at."""
    text, done, lines = "", 0, set()
    for edit in sorted(change.edits, key=lambda e: (e.start, e.end)):
        text += source[done : edit.start]
        first = text.count("\n") + 1
        text += edit.text
        done = edit.end
        last = text.count("\n") + (0 if text.endswith("\n") else 1)
        if edit.is_marked and edit.text:
            lines |= set(range(first, max(first, last) + 1))
        if change.around and not edit.text:
            lines |= {first - 1, first}
    text += source[done:]
    if change.undefined:
        name = re.compile(rf"\b({'|'.join(map(re.escape, change.undefined))})\b")
        after = (n for n, line in enumerate(text.splitlines(), 1) if n >= min(lines) and name.search(line))
        lines |= set(list(after)[:1])
    return text, tuple(sorted(lines))


def everywhere(code: Code, one: Kind) -> Iterator[Change]:
    """The changes of a kind of group A that are one slip, all made at once in a function."""
    together: dict[tuple[str, Role, str], list[Change]] = defaultdict(list)
    for change in one.mutator(code):
        if change.same:
            together[code.function(change.node), code.role(change.node), change.same].append(change)
    for changes in together.values():
        apart: list[Change] = []
        for change in sorted(changes, key=lambda c: c.edits[0].start):
            if not apart or change.edits[0].start >= apart[-1].edits[-1].end:
                apart.append(change)
        if (
            len({code.statement(c.node).lineno if isinstance(c.node, ast.stmt) else c.edits[0].start for c in apart})
            > 1
        ):
            first = apart[0]
            edits = tuple(edit for change in apart for edit in change.edits)
            yield Change(first.node, edits, first.base, first.only, first.slip)
