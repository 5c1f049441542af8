"""Products: transposes, and another array in the place of a factor."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ..expressions import Adjoint, Entry, Index, SumOver, free_indices
from ..functions import Elementary
from ..program import Assignment
from .activations import activations_of
from .site import Mistake, Site, sums


def transposition(site: Site) -> Iterator[Mistake]:
    """The transpose of the right array."""
    if site.is_output and len(site.assignment.indices) == 2:
        yield site.mistake(
            "transposed",
            3,
            "It is the transpose of the right array.",
            "The gradient has the shape of what it is the gradient of: which index comes first there?",
            site.value,
            site.assignment.indices[::-1],
        )


def wrong_operand(site: Site) -> Iterator[Mistake]:
    """Pre-activation for activation, or the reverse, as a factor of a product."""
    for outer, inner in activations_of(site.model):
        for used, other in ((outer.name, inner), (inner, outer.name)):
            entries = [
                entry for entry in site.value.atoms(Entry) if entry.name == used and not isinstance(entry, Adjoint)
            ]
            inside = {e for function in site.value.atoms(Elementary) for e in function.atoms(Entry)}
            plain = [entry for entry in entries if entry not in inside]
            if plain and site.is_derivative and any(_stands_in_sum(site.value, entry) for entry in plain):
                swap = {entry: Entry(sympy.Symbol(other), *entry.indices) for entry in plain}
                yield site.mistake(
                    "wrong-operand",
                    1,
                    f"{other} stands where {used} belongs.",
                    "The factor is what the layer took in on the way forward.",
                    site.value.xreplace(swap),
                )


def own_output(site: Site) -> Iterator[Mistake]:
    """A layer's own output in place of what it took in, as when layers are counted from the wrong one."""
    if not (site.is_output and site.is_derivative):
        return
    for total in sums(site.value):
        adjoints = [factor for factor in sympy.Mul.make_args(total.body) if isinstance(factor, Adjoint)]
        inputs = [f for f in sympy.Mul.make_args(total.body) if isinstance(f, Entry) and not isinstance(f, Adjoint)]
        if len(adjoints) != 1 or len(inputs) != 1 or len(site.assignment.indices) != 2:
            continue
        took, kept = inputs[0], [index for index in adjoints[0].indices if index not in total.indices]
        lost = [index for index in took.indices if index in site.assignment.indices]
        for definition in site.model.definitions:
            # The node itself, or what is computed from it entry by entry or by rows: a and y_hat.
            same_layer = definition.name == adjoints[0].name or (
                adjoints[0].name in {e.name for e in definition.value.atoms(Entry) if e.name in site.model.arrays}
                and len(definition.indices) == 2
                and definition.indices[1].size == kept[0].size
            )
            if not same_layer or len(kept) != 1 or len(lost) != 1:
                continue
            new = Index(kept[0].name + "'", kept[0].size)
            indices = tuple(new if index == lost[0] else index for index in site.assignment.indices)
            swapped = Entry(sympy.Symbol(definition.name), *total.indices, new)
            yield site.mistake(
                "wrong-operand",
                2,
                f"The layer's own output {definition.name} stands where its input {took.name} belongs.",
                "On the way forward the weights multiplied the layer's input: that is the other factor.",
                site.value.xreplace({total: total.rebound(total.body.xreplace({took: swapped}), total.indices)}),
                indices,
            )


def old_value(site: Site) -> Iterator[Mistake]:
    """In an update, the old value where the new one belongs."""
    if site.is_derivative or not site.is_output:
        return
    nodes = {d.name: d for d in site.model.definitions}
    for entry in sorted(site.value.atoms(Entry), key=str):
        if isinstance(entry, Adjoint) or entry.name not in nodes or free_indices(site.value) != set(entry.indices):
            continue
        definition = nodes[entry.name]
        for old in sorted(definition.value.atoms(Entry), key=str):
            if old.indices == definition.indices and not isinstance(old, Adjoint):
                yield site.mistake(
                    "wrong-operand",
                    2,
                    f"{old.name} stands where {entry.name} belongs.",
                    "Which of the two is computed first, and which does the formula use?",
                    site.value.xreplace({entry: Entry(sympy.Symbol(old.name), *entry.indices)}),
                )


def updated_too_early(site: Site) -> Iterator[Mistake]:
    """A weight replaced before a gradient that needs its old value."""
    for definition in site.model.definitions:
        for adjoint in definition.value.atoms(Adjoint):
            name = adjoint.name
            uses = [e for e in site.value.atoms(Entry) if e.name == name and not isinstance(e, Adjoint)]
            if site.is_derivative and uses and definition.name in site.program.outputs:
                swap = {entry: Entry(sympy.Symbol(definition.name), *entry.indices) for entry in uses}
                yield site.mistake(
                    "updated-too-early",
                    4,
                    f"{name} was already replaced when {site.name} was computed from it.",
                    "Compute all gradients first, then update all weights.",
                    site.value.xreplace(swap),
                )


def gradient_taken_again(site: Site) -> Iterator[Mistake]:
    """A weight replaced before the whole way forward and back is gone again for another weight."""
    if site.is_derivative or not site.is_output or not site.value.atoms(Adjoint):
        return
    steps = {assignment.name: assignment for assignment in site.program.assignments}
    for new in site.program.outputs:
        adjoints = steps[new].value.atoms(Adjoint) if new in steps and new != site.name else set()
        for name in sorted({adjoint.name for adjoint in adjoints}):
            # Everything from the old weight to this step is computed once more, from the new weight.
            again: dict[str, str] = {name: new}
            for step in site.program.assignments:
                used = {_quantity(entry) for entry in step.value.atoms(Entry)}
                if used & set(again) and step.name not in site.program.outputs:
                    again[step.name] = f"{step.name}_again"
            if {_quantity(adjoint) for adjoint in site.value.atoms(Adjoint)} & set(again):
                copies = [
                    Assignment(again[old], steps[old].indices, _renamed(steps[old].value, again))
                    for old in again
                    if old in steps
                ]
                late = Assignment(site.name, site.assignment.indices, _renamed(site.value, again))
                yield site.mistake_of(
                    "updated-too-early",
                    2,
                    f"{name} was already replaced when the gradient for {site.name} was computed.",
                    "Compute all gradients first, then update all weights.",
                    *copies,
                    late,
                )


def _quantity(entry: Entry) -> str:
    return f"dJ/d{entry.name}" if isinstance(entry, Adjoint) else entry.name


def _renamed(value: sympy.Expr, names: dict[str, str]) -> sympy.Expr:
    swap = {}
    for entry in value.atoms(Entry):
        if _quantity(entry) in names:
            symbol = sympy.Symbol(names[_quantity(entry)].removeprefix("dJ/d"))
            swap[entry] = type(entry)(symbol, *entry.indices)
    return value.xreplace(swap)


def _stands_in_sum(value: sympy.Expr, entry: Entry) -> bool:
    return any(entry in total.body.args for total in value.atoms(SumOver) if isinstance(total.body, sympy.Mul))
