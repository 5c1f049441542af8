"""What a reader may not know about the signs in a derivation: Kronecker's delta, 1[u > 0], sigma, held quantities."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import sympy

from . import functions
from .expressions import Delta, Entry, Index, Partial, Shift
from .layout import Derivative, Layout
from .typesetting import spelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .typesetting import Typesetter


@dataclass(frozen=True, slots=True)
class Remark:
    """A sign and what it means."""

    sign: Layout
    meaning: str


_MEANINGS: dict[type[functions.Elementary], str] = {
    functions.sigmoid: "the logistic function 1 / (1 + exp(−u))",
    functions.relu: "the larger of 0 and u",
    functions.step: "1 where the condition holds, else 0",
    functions.clip: "u, cut off at −1 and 1",
    functions.huber: "u²/2 where |u| < 1, else |u| − 1/2",
    functions.sign: "−1, 0 or 1, the sign of u",
}
_U = sympy.Symbol("u")


def remarks_on(expressions: Iterable[sympy.Expr], typesetter: Typesetter) -> tuple[Remark, ...]:
    """A remark on each sign that occurs in the expressions and is not school mathematics."""
    nodes = frozenset[sympy.Basic]().union(*map(_nodes, expressions))
    return (
        *_functions(nodes, typesetter),
        *_delta(nodes, typesetter),
        *_shift(nodes, typesetter),
        *_held(nodes, typesetter),
        *_prime(nodes, typesetter),
    )


@lru_cache(maxsize=50_000)
def _nodes(expression: sympy.Basic) -> frozenset[sympy.Basic]:
    """Every kind of subexpression that a remark may be about."""
    inside = frozenset[sympy.Basic]().union(*map(_nodes, expression.args))
    return (
        inside | {expression}
        if isinstance(expression, (functions.Elementary, Delta, Shift, Partial, Index))
        else inside
    )


def _functions(nodes: Iterable[sympy.Basic], typesetter: Typesetter) -> Iterator[Remark]:
    used = {type(node) for node in nodes if not _is_plain_maximum(node)}
    for function, meaning in _MEANINGS.items():
        if function in used:
            yield Remark(typesetter.layout(function(_U)), meaning)


def _is_plain_maximum(node: sympy.Basic) -> bool:
    """Is it written max(0, ...), which says what it is?"""
    return isinstance(node, functions.relu) and not isinstance(node.args[0], Entry)


def _delta(nodes: Iterable[sympy.Basic], typesetter: Typesetter) -> Iterator[Remark]:
    deltas = [node for node in nodes if isinstance(node, Delta)]
    if deltas:
        yield Remark(typesetter.layout(min(deltas, key=spelled)), "1 where its two indices are equal, else 0")


def _shift(nodes: Iterable[sympy.Basic], typesetter: Typesetter) -> Iterator[Remark]:
    shifts = [node for node in nodes if isinstance(node, Shift)]
    if shifts:
        yield Remark(typesetter.layout(min(shifts, key=spelled)), "1 where the first index is the other, a sum, else 0")


def _held(nodes: Iterable[sympy.Basic], typesetter: Typesetter) -> Iterator[Remark]:
    """One remark on what a bar at a derivative means, by the first that has one."""
    partials = sorted((node for node in nodes if isinstance(node, Partial)), key=spelled)
    layouts = [layout for layout in map(typesetter.layout, partials) if isinstance(layout, Derivative) and layout.held]
    if layouts:
        held = " and ".join(letter.text for letter in layouts[0].held)
        yield Remark(layouts[0], f"the derivative with {held} held fixed: what goes through {held} does not count")


def _prime(nodes: Iterable[sympy.Basic], typesetter: Typesetter) -> Iterator[Remark]:
    primed = [node for node in nodes if isinstance(node, Index) and node.name.endswith("'")]
    if primed:
        index = min(primed, key=spelled)
        letter = index.name.rstrip("'")
        yield Remark(typesetter.layout(index), f"an index of its own, with the range of {letter}")
