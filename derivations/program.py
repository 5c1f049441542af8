"""Which quantities to compute, in which order, to get some outputs of a derivation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sympy

from checkers.errors import UsageError

from .derivation import Derivation
from .expressions import Index, named_arrays
from .model import Model, Role

_ADJOINT = "dJ/d"


@dataclass(frozen=True, slots=True)
class Assignment:
    """name[indices] = value; an adjoint's name is "dJ/d" and the array's."""

    name: str
    indices: tuple[Index, ...]
    value: sympy.Expr


@dataclass(frozen=True, slots=True)
class Program:
    """Assignments that compute the outputs from the inputs, each before its first use, none idle."""

    model: Model
    inputs: tuple[str, ...]
    assignments: tuple[Assignment, ...]
    outputs: tuple[str, ...]


def quantities(derivation: Derivation) -> dict[str, Assignment]:
    """Everything a derivation can compute: the nodes by name, "dJ/dz" for adjoints, "ds/dz" for local derivatives."""
    nodes = {d.name: Assignment(d.name, d.indices, d.value) for d in derivation.model.definitions}
    jacobians = {
        step.name: Assignment(
            step.name, tuple(dict.fromkeys(step.quantity.of.indices + step.quantity.target.indices)), step.result
        )
        for step in derivation.steps
        if not step.is_adjoint
    }
    adjoints = {
        _ADJOINT + step.quantity.name: Assignment(_ADJOINT + step.quantity.name, step.quantity.indices, step.result)
        for step in derivation.steps
        if step.is_adjoint
    }
    return nodes | jacobians | adjoints


def program(model: Model, known: dict[str, Assignment], outputs: Iterable[str], given: Iterable[str] = ()) -> Program:
    """The assignments that the outputs need.

    Args:
        known: what can be computed; see `quantities`.
        outputs: names of nodes, or "dJ/d" and a name.
        given: nodes that are inputs here, so that nothing before them is computed.
    """
    given = set(given)
    wanted = tuple(outputs)
    chosen: dict[str, Assignment] = {}
    inputs: set[str] = set()

    def need(name: str) -> None:
        if name in chosen or name in inputs:
            return
        if name in given or (name in model.arrays and model.arrays[name].role not in {Role.NODE, Role.LOSS}):
            inputs.add(name)
            return
        if name not in known:
            raise UsageError(f"{model.name} has no {name}. It has {', '.join(known)}.")
        for used in sorted(named_arrays(known[name].value)):
            need(used)
        chosen[name] = known[name]

    for name in wanted:
        need(name)
    return Program(
        model, tuple(name for name in model.arrays if name in inputs), _in_order(chosen, known | chosen), wanted
    )


def _in_order(chosen: dict[str, Assignment], known: dict[str, Assignment]) -> tuple[Assignment, ...]:
    """Forward definitions as the model has them, then adjoints as the derivation has them; what needs one, after it."""
    waiting = [assignment for name, assignment in known.items() if name in chosen]
    done: dict[str, Assignment] = {}
    while waiting:
        ready = next(a for a in waiting if not (named_arrays(a.value) & set(chosen)) - set(done))
        waiting.remove(ready)
        done[ready.name] = ready
    return tuple(done.values())
