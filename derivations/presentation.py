"""What of a derivation is shown, in which order and in which words; every format prints the same presentation.

At full detail each step is a block with all its equalities. In brief, the equalities not marked as brief are left out,
and a local derivative that then has one line only, such as dz/dW = x, becomes a remark in the block that uses it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from checkers.errors import UsageError

from .expressions import Adjoint, Index
from .layout import Derivative
from .model import Definition, Domain, Model, Role
from .notation import Notation, read_index, size_layout
from .remarks import Remark, remarks_on
from .typesetting import Typesetter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import sympy

    from .derivation import Derivation, Equality, Step
    from .layout import Layout, Letter

Detail = Literal["brief", "full"]

_ROLES = {Role.DATA: "data", Role.PARAMETER: "parameter", Role.CONSTANT: "constant"}
_DOMAINS = {
    Domain.POSITIVE: "positive",
    Domain.ONE_HOT: "each row is one-hot",
    Domain.PROBABILITIES: "each row is a probability distribution",
    Domain.BINARY: "0 or 1",
    Domain.SIGNS: "−1 or 1",
    Domain.COUNTS: "counts",
    Domain.UNIT: "between 0 and 1",
    Domain.EPSILON: "0.00001",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One equality of a chain; its left side is the line before.

    Attributes:
        rules: the names of the rules it follows from; more than one where equalities between were left out.
        error: largest relative difference on random arrays; None where it is not proven.
    """

    right: Layout
    rules: tuple[str, ...]
    reason: str
    error: float | None


@dataclass(frozen=True, slots=True)
class Block:
    """One quantity and the chain of equalities that gives it.

    Attributes:
        of, target: whose derivative it is, and with respect to what, as whole arrays.
        facts: local derivatives that the chain uses, each with one line.
        error: the largest error of all equalities behind the block, shown or not; None until all are proven.
    """

    name: str
    of: Layout
    target: Layout
    quantity: Layout
    lines: tuple[Line, ...]
    error: float | None
    facts: tuple[Block, ...] = ()

    @property
    def is_direct(self) -> bool:
        """Is it the part of a derivative that does not go through other nodes?"""
        return isinstance(self.quantity, Derivative) and bool(self.quantity.held)

    @property
    def is_partly_proven(self) -> bool:
        """Are some of its lines proven and some not, so that each must say which it is?"""
        return self.error is None and any(line.error is not None for line in self.lines)


@dataclass(frozen=True, slots=True)
class Node:
    """A line of the model: a name, what it is, and a word on it."""

    left: Layout
    right: Layout
    note: str


@dataclass(frozen=True, slots=True)
class Given:
    """An array that the model does not define: its shape and what it is."""

    name: Layout
    shape: tuple[Layout, ...]
    description: str


@dataclass(frozen=True, slots=True)
class Range:
    """The indices that run over one size, and what is counted."""

    indices: tuple[Letter, ...]
    size: Layout
    meaning: str


@dataclass(frozen=True, slots=True)
class Presentation:
    """A derivation, ready to be written in any format.

    Attributes:
        names: the names of the arrays as typed, which rules and reasons use.
        gradients: the gradients asked for, after the derivatives that they refer to.
    """

    title: str
    names: tuple[str, ...]
    nodes: tuple[Node, ...]
    given: tuple[Given, ...]
    ranges: tuple[Range, ...]
    remarks: tuple[Remark, ...]
    blocks: tuple[Block, ...]
    gradients: tuple[Node, ...]

    @property
    def is_proven(self) -> bool:
        """Are all equalities proven?"""
        return all(block.error is not None for block in self.blocks)


def present(derivation: Derivation, *, detail: Detail = "full", wrt: Sequence[str] | None = None) -> Presentation:
    """What is shown of a derivation.

    Args:
        detail: "full" shows every equality, "brief" the main line of the argument.
        wrt: names of arrays; only the steps that their gradients need are shown. All parameters when None.

    Raises:
        UsageError: wrt names an array that the derivation has no gradient of.
    """
    model = derivation.model
    typesetter = Typesetter(Notation.of(model))
    targets = [_adjoint_of(derivation, name) for name in (model.parameters if wrt is None else wrt)]
    steps = steps_needed(derivation, targets)
    shown = [group[-1].right for step in steps for group in _shown(step, typesetter, detail)]
    expressions = [definition.value for definition in model.definitions] + shown
    return Presentation(
        title=model.title,
        names=tuple(model.arrays),
        nodes=tuple(_node(definition, model, typesetter) for definition in model.definitions),
        given=tuple(_given(model, typesetter)),
        ranges=_ranges(model),
        remarks=remarks_on(expressions, typesetter),
        blocks=_blocks(steps, typesetter, detail),
        gradients=_gradients(steps, targets, typesetter),
    )


# The model ------------------------------------------------------------------------------------------------------------


def _node(definition: Definition, model: Model, typesetter: Typesetter) -> Node:
    note = model.arrays[definition.name].note
    left, right = typesetter.layout(definition.entry), typesetter.layout(definition.value)
    return Node(left, right, note or ("the loss" if model.arrays[definition.name].role is Role.LOSS else ""))


def _given(model: Model, typesetter: Typesetter) -> Iterable[Given]:
    for array in model.arrays.values():
        if array.role in _ROLES:
            words = [_ROLES[array.role], array.note, _DOMAINS.get(array.domain, "")]
            shape = tuple(size_layout(str(size)) for size in array.shape or ())
            yield Given(typesetter.array(array.name), shape, ", ".join(word for word in words if word))


def _ranges(model: Model) -> tuple[Range, ...]:
    letters: dict[str, dict[Letter, None]] = {size: {} for size in model.size_notes}
    for definition in model.definitions:
        used = {*definition.indices, *definition.value.atoms(Index)}
        for index in sorted(used, key=lambda index: str(index.name)):
            letters[str(index.size)][replace(read_index(index), primes=0)] = None
    return tuple(Range(tuple(letters[size]), size_layout(size), meaning) for size, meaning in model.size_notes.items())


# The steps ------------------------------------------------------------------------------------------------------------


def _adjoint_of(derivation: Derivation, name: str) -> Step:
    found = next((s for s in derivation.steps if s.is_adjoint and s.quantity.name == name), None)
    if found is None:
        known = ", ".join(s.quantity.name for s in derivation.steps if s.is_adjoint)
        raise UsageError(f"This derivation has no gradient with respect to {name}. It has those of {known}.")
    return found


def steps_needed(derivation: Derivation, targets: Iterable[Step]) -> tuple[Step, ...]:
    """The steps that lead to some of the adjoints, in the derivation's order."""
    groups = _groups(derivation.steps)
    needed: set[str] = set()
    waiting = [step.quantity.name for step in targets]
    while waiting:
        name = waiting.pop()
        if name not in needed and name in groups:
            needed.add(name)
            waiting += [
                adjoint.name for step in groups[name] for e in step.equalities for adjoint in e.right.atoms(Adjoint)
            ]
    return tuple(step for name, steps in groups.items() if name in needed for step in steps)


def _groups(steps: Iterable[Step]) -> dict[str, list[Step]]:
    """Each adjoint with the local derivatives that stand before it, by the name of its array."""
    groups: dict[str, list[Step]] = {}
    waiting: list[Step] = []
    for step in steps:
        waiting.append(step)
        if step.is_adjoint:
            groups[step.quantity.name] = waiting
            waiting = []
    return groups


def _blocks(steps: Iterable[Step], typesetter: Typesetter, detail: Detail) -> tuple[Block, ...]:
    blocks: list[Block] = []
    facts: list[Block] = []
    for step in steps:
        block = _block(step, typesetter, detail)
        if detail == "brief" and not step.is_adjoint and len(block.lines) == 1:
            facts.append(block)
        else:
            blocks.append(replace(block, facts=tuple(facts)) if step.is_adjoint else block)
            facts = [] if step.is_adjoint else facts
    return tuple(blocks)


def _block(step: Step, typesetter: Typesetter, detail: Detail) -> Block:
    groups = _shown(step, typesetter, detail)
    lines = tuple(_line(typesetter.layout(group[-1].right), group) for group in groups)
    of, target = _subject(step, typesetter)
    return Block(step.name, of, target, typesetter.layout(step.quantity), lines, step.error)


def _subject(step: Step, typesetter: Typesetter) -> tuple[Layout, Layout]:
    if isinstance(step.quantity, Adjoint):
        return typesetter.array(typesetter.notation.loss), typesetter.array(step.quantity.name)
    return typesetter.array(step.quantity.of.name), typesetter.array(step.quantity.target.name)


def _shown(step: Step, typesetter: Typesetter, detail: Detail) -> list[tuple[Equality, ...]]:
    """The equalities in groups: of each group only the last right side is shown."""
    groups: list[tuple[Equality, ...]] = []
    waiting: tuple[Equality, ...] = ()
    before, last = typesetter.layout(step.quantity), len(step.equalities) - 1
    for place, equality in enumerate(step.equalities):
        waiting = (*waiting, equality)
        right = typesetter.layout(equality.right)
        # An equality between two forms that are written alike says nothing on paper.
        if right != before and (detail == "full" or equality.brief or place == last):
            groups.append(waiting)
            before, waiting = right, ()
    return groups


def _line(right: Layout, equalities: Sequence[Equality]) -> Line:
    """One line for equalities of which only the last right side is shown; putting in a definition goes unsaid."""
    telling = [equality for equality in equalities if not equality.rule.startswith("definition of")] or equalities
    errors = [equality.error for equality in equalities]
    error = None if None in errors else max(error for error in errors if error is not None)
    return Line(right, tuple(dict.fromkeys(e.rule for e in telling)), telling[0].reason, error)


def _gradients(steps: Iterable[Step], targets: Sequence[Step], typesetter: Typesetter) -> tuple[Node, ...]:
    """The gradients, after the derivatives that their formulas name, in the order in which they are computed."""
    by_name = {step.quantity.name: step for step in steps if step.is_adjoint}
    shown: set[str] = set()
    waiting = [step.quantity.name for step in targets]
    while waiting:
        name = waiting.pop()
        shown.add(name)
        waiting += [a.name for a in _closing(by_name[name]).atoms(Adjoint) if a.name not in shown]
    asked = {step.quantity.name for step in targets}
    ordered = [s for n, s in by_name.items() if n in shown - asked] + [s for s in by_name.values() if s in targets]
    return tuple(Node(typesetter.layout(s.quantity), typesetter.layout(_closing(s)), "") for s in ordered)


def _closing(step: Step) -> sympy.Expr:
    return step.equalities[-1].right if step.equalities else step.result
