"""The error model: what comes out when one step of a derivation is done wrongly.

An operator looks at one assignment of a program (one step: a node or an adjoint) and yields the wrong ways to do it.
Each knows its code, a message, a hint and a prior: how often students make it. The priors follow a count of 99
confirmed mistakes in 502 files of course work: regulariser 22, activation's derivative 17, loss or softmax 15,
averaging 13, constant factor 7, sum 5, transposition 5, sign 4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..program import Program
from . import activations, losses, products, regularisers, scales, signs, softmax, sums
from .site import Mistake, Operator, Site, Written

__all__ = ["OPERATORS", "Mistake", "Operator", "Site", "Written", "mistakes"]

OPERATORS: tuple[Operator, ...] = (
    signs.reversed_sign,
    signs.term_sign,
    scales.averaging,
    scales.constant_factor,
    scales.missing_brackets,
    sums.missing_sum,
    sums.broadcast,
    sums.sum_range,
    sums.wrong_axis,
    sums.extra_sum,
    products.transposition,
    products.wrong_operand,
    products.own_output,
    products.old_value,
    products.updated_too_early,
    activations.activation,
    softmax.softmax,
    softmax.jacobian_through_softmax,
    softmax.softmax_twice,
    softmax.large_epsilon,
    regularisers.regulariser,
    losses.not_a_loss,
    losses.missing_term,
)


def mistakes(program: Program) -> Iterator[Mistake]:
    """Every single mistake in a program, and every slip made at all its sites, whether or not it changes a number."""
    for operator in OPERATORS:
        slips: dict[tuple[str, str], dict[str, Mistake]] = {}
        for assignment in program.assignments:
            for mistake in operator(Site(program, assignment)):
                yield mistake
                slip = (mistake.variant.code, _without_names(mistake.variant.message, program))
                slips.setdefault(slip, {}).setdefault(assignment.name, mistake)
        for sites in slips.values():
            if len(sites) > 1:
                yield _at_every_site(list(sites.values()))


def _without_names(message: str, program: Program) -> str:
    """A message in which the names of arrays are the same: what two sites of one slip have in common."""
    names = "|".join(sorted(map(re.escape, program.model.arrays), key=len, reverse=True))
    return re.sub(rf"\b({names})\b", "_", message)


def _at_every_site(same: list[Mistake]) -> Mistake:
    """One slip made wherever it can be: both relu masks, the penalty of every layer."""
    changed = {name: assignment for mistake in same for name, assignment in mistake.changed.items()}
    return Mistake(changed, replace(same[0].variant, prior=same[0].variant.prior / 2))
