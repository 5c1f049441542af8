"""The right gradient of a wrong loss: what the loss of one sample was changed into, derived again."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import replace

from checkers.errors import ModelError

from ..chain_rule import sweep
from ..expressions import Adjoint, named_arrays
from ..model import Model, Role
from ..program import Assignment, Program, quantities
from .site import Mistake

# Codes that change what the loss is. Signs, factors and averages come out as mistakes of the gradient by themselves.
OTHER_LOSS = {"wrong-loss", "not-a-loss", "term-missing", "term-sign", "wrong-power", "softmax-axis", "softmax-twice"}


def derived_again(mistake: Mistake, program: Program) -> Iterator[Mistake]:
    """The same mistake in the loss of one sample, with the gradient that belongs to it."""
    model = program.model
    name = mistake.variant.step
    loss = mistake.changed.get(name)
    if mistake.variant.code not in OTHER_LOSS or not isinstance(loss, Assignment) or not _is_sample_loss(name, model):
        return
    first = [a for a in program.assignments if a.name.startswith("dJ/d") and not a.value.has(Adjoint)]
    wrt = [assignment.name.removeprefix("dJ/d") for assignment in first]
    if not wrt or loss.indices != model.definition(name).indices:
        return
    other = copy(model)
    changed = {n: s for n, s in mistake.changed.items() if isinstance(s, Assignment)}
    if set(changed) - {definition.name for definition in model.definitions} or len(changed) < len(mistake.changed):
        return
    other.definitions = [replace(d, value=changed[d.name].value) if d.name in changed else d for d in model.definitions]
    try:
        derived = quantities(sweep(other, wrt))
    except ModelError:
        return  # it does not depend on the weights any more
    backward: dict[str, Assignment] = {}
    waiting = [assignment.name for assignment in first]
    while waiting:
        step = derived.get(waiting.pop())
        if step is not None and step.name not in backward:
            backward[step.name] = step
            waiting += [name for name in named_arrays(step.value) if name.startswith("dJ/d")]
    yield Mistake({**mistake.changed, **backward}, mistake.variant)


def _is_sample_loss(name: str, model: Model) -> bool:
    """Is the node what the loss is the mean of?"""
    users = [d for d in model.definitions if name in named_arrays(d.value)]
    return bool(users) and all(model.arrays[d.name].role is Role.LOSS for d in users)
