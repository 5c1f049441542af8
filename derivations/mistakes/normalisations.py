"""Layers that subtract a mean and divide by a deviation: statistics over the wrong axis, or taken for constants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy

from ..expressions import Adjoint, Entry, Index, SumOver, free_indices
from ..functions import sqrt
from ..model import Model, Role
from ..program import Assignment
from .site import Mistake, Site, terms


@dataclass(frozen=True, slots=True)
class _Statistics:
    """Means over one axis, and what is computed from them entry by entry: mu, var and std.

    Attributes:
        over: the index that is summed.
        kept: the index that is left.
    """

    names: frozenset[str]
    over: Index
    kept: Index


def _statistics_of(model: Model) -> _Statistics | None:
    """The statistics of a model that has means over one axis of what has two."""
    names: set[str] = set()
    axes: tuple[Index, Index] | None = None
    for definition in model.definitions:
        if len(definition.indices) != 1:
            continue
        used = {entry.name for entry in definition.value.atoms(Entry)}
        for total in definition.value.atoms(SumOver):
            over, kept = total.indices[0], definition.indices[0]
            if len(total.indices) == 1 and definition.value == total / over.size and axes in {None, (over, kept)}:
                axes = (over, kept)
                names.add(definition.name)
        if used & names and not definition.value.has(SumOver):
            names.add(definition.name)
    return _Statistics(frozenset(names), *axes) if axes is not None else None


def over_other_axis(site: Site) -> Iterator[Mistake]:
    """All statistics over the other axis, as with axis=1 and keepdims=True: layer for batch normalisation."""
    statistics = _statistics_of(site.model)
    steps = site.program.assignments
    first = next((a for a in steps if statistics is not None and a.name in statistics.names), None)
    if statistics is None or site.assignment is not first:
        return
    turned = [_turned(step, statistics) for step in steps]
    yield site.mistake_of(
        "sum-wrong-axis",
        5,
        f"The mean and the deviation are taken over {statistics.kept.name}, not over {statistics.over.name}.",
        "Which index do the mean and the deviation keep? Sum over the other one.",
        *(new for new, old in zip(turned, steps, strict=True) if new != old),
    )


def _turned(step: Assignment, statistics: _Statistics) -> Assignment:
    """A step in which the statistics are over the other axis."""
    over, kept = statistics.over, statistics.kept
    is_own = step.name.removeprefix("dJ/d") in statistics.names
    value = step.value.xreplace({1 / over.size: 1 / kept.size})
    if is_own:
        for total in value.atoms(SumOver):
            # What is constant in the one sum is not in the other, and moves back into it.
            moved = sympy.Mul(*(f for f in sympy.Mul.make_args(value) if _moves(f, total, statistics)))
            value = (value / moved).xreplace({total: SumOver(total.body * moved, kept)})
    swap = {
        entry: type(entry)(entry.args[0], over)
        for entry in value.atoms(Entry)
        if entry.name in statistics.names and entry.indices == (kept,)
    }
    return Assignment(step.name, (over,) if is_own else step.indices, value.xreplace(swap))


def _moves(factor: sympy.Expr, total: SumOver, statistics: _Statistics) -> bool:
    names = {entry.name for entry in factor.atoms(Entry)}
    return factor != total and statistics.kept in free_indices(factor) and not names <= statistics.names


def outside_the_sums(site: Site) -> Iterator[Mistake]:
    """A factor that varies along the axis of the sums taken out of them: batch normalisation's formula for layers."""
    statistics = _statistics_of(site.model)
    if statistics is None or not (site.is_output and site.is_derivative):
        return
    before = [step for step in site.steps_before if step.name.startswith("dJ/d")]
    scales = {
        entry
        for step in before
        for entry in step.value.atoms(Entry)
        if entry.indices == (statistics.over,) and site.model.arrays[entry.name].role is Role.PARAMETER
    }
    for scale in sorted(scales, key=str):
        without = {step.name: step.value.xreplace({scale: sympy.S.One}) for step in before}
        without[site.name] *= scale
        changed = [Assignment(step.name, step.indices, without[step.name]) for step in before]
        if len(changed) > 1 and set(scale.indices) <= set(site.assignment.indices):
            yield site.mistake_of(
                "wrong-index",
                3,
                f"{scale.name} stands outside the sums over {statistics.over.name}, though it has that index.",
                f"Only what does not depend on {statistics.over.name} may leave a sum over {statistics.over.name}.",
                *(new for new, old in zip(changed, before, strict=True) if new != old),
            )


def all_held_constant(site: Site) -> Iterator[Mistake]:
    """Mean and deviation both taken for constants: the gradient is divided by the deviation, and that is all."""
    statistics = _statistics_of(site.model)
    if statistics is None or not (site.is_output and site.is_derivative):
        return
    held: set[str] = set()
    changed = []
    for step in site.program.assignments:
        dropped = [term for term in _summands(step.value) if _goes_through(term, statistics)]
        if dropped and step.name.startswith("dJ/d"):
            held |= {adjoint.name for term in dropped for adjoint in term.atoms(Adjoint)} & statistics.names
            changed.append(Assignment(step.name, step.indices, step.value.xreplace(dict.fromkeys(dropped, 0))))
    if len(held) > 1 and site.name in {step.name for step in changed}:
        yield site.mistake_of(
            "term-missing",
            5,
            f"{' and '.join(sorted(held))} are held constant: the paths through them are missing.",
            "Everything that is computed from a quantity hands back a term of its derivative: they add up.",
            *changed,
        )


def _summands(value: sympy.Expr) -> list[sympy.Expr]:
    """The terms of a value, or of its brackets."""
    return [term for factor in sympy.Mul.make_args(value) for term, _ in terms(factor)]


def _goes_through(term: sympy.Expr, statistics: _Statistics) -> bool:
    return any(adjoint.name in statistics.names for adjoint in term.atoms(Adjoint))


def not_scaled(site: Site) -> Iterator[Mistake]:
    """The scale that is learnt left out."""
    if site.is_derivative or _statistics_of(site.model) is None:
        return
    for term, rest in terms(site.value):
        for scale in sympy.Mul.make_args(term):
            if isinstance(scale, Entry) and scale != term and site.model.arrays[scale.name].role is Role.PARAMETER:
                yield site.mistake(
                    "chain-factor-missing",
                    2,
                    f"The factor {scale.name} is missing.",
                    "Compare the line with the formula, factor by factor.",
                    rest + term / scale,
                )


def not_normalised(site: Site) -> Iterator[Mistake]:
    """The mean not subtracted, or the variance where its root belongs, when the normalised values are computed."""
    statistics = _statistics_of(site.model)
    if statistics is None or site.is_derivative or site.name in statistics.names:
        return
    for entry in sorted(site.value.atoms(Entry), key=str):
        definition = next((d for d in site.model.definitions if d.entry == entry), None)
        if definition is None:
            continue
        if entry.name in statistics.names and isinstance(definition.value, sqrt):
            yield site.mistake(
                "wrong-power",
                3,
                "It is divided by the variance, not by its root.",
                "The standard deviation is the root of the variance.",
                site.value.xreplace({entry: definition.value.args[0]}),
            )
        for mean, rest in terms(definition.value):
            names = {used.name for used in mean.atoms(Entry)}
            if not names <= statistics.names:
                continue
            yield site.mistake(
                "term-missing",
                2,
                f"{' and '.join(sorted(names))} is not subtracted.",
                "Normalised values have the mean 0.",
                site.value.xreplace({entry: rest}),
            )
