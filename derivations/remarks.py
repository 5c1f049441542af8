"""What a reader may not know about the signs in a derivation: Kronecker's delta, 1[u > 0], sigma, held quantities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sympy

from . import functions
from .expressions import Delta, Entry, Index, Partial
from .layout import Derivative, Layout

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    expressions = list(expressions)
    functions_used: set[type] = set()
    partials: set[sympy.Expr] = set()
    deltas: set[sympy.Expr] = set()
    for expression in expressions:
        functions_used |= {type(f) for f in expression.atoms(functions.Elementary) if not _is_plain_maximum(f)}
        partials |= expression.atoms(Partial)
        deltas |= expression.atoms(Delta)
    remarks = [Remark(typesetter.layout(f(_U)), text) for f, text in _MEANINGS.items() if f in functions_used]
    if deltas:
        delta = min(deltas, key=lambda delta: [str(index) for index in delta.args])
        remarks.append(Remark(typesetter.layout(delta), "1 where its two indices are equal, else 0"))
    return (*remarks, *_held(partials, typesetter), *_primes(expressions, typesetter))


def _is_plain_maximum(function: functions.Elementary) -> bool:
    """Is it written max(0, ...), which says what it is?"""
    return isinstance(function, functions.relu) and not isinstance(function.args[0], Entry)


def _held(partials: Iterable[sympy.Expr], typesetter: Typesetter) -> Iterable[Remark]:
    for partial in sorted(partials, key=str):
        layout = typesetter.layout(partial)
        if isinstance(layout, Derivative) and layout.held:
            held = " and ".join(letter.text for letter in layout.held)
            yield Remark(layout, f"the derivative with {held} held fixed: only what names the variable directly counts")


def _primes(expressions: Iterable[sympy.Expr], typesetter: Typesetter) -> Iterable[Remark]:
    primed = sorted({index.name for e in expressions for index in e.atoms(Index) if index.name.endswith("'")})
    if primed:
        index = next(i for e in expressions for i in e.atoms(Index) if i.name == primed[0])
        yield Remark(typesetter.layout(index), f"an index of its own, with the range of {primed[0].rstrip(chr(39))}")
