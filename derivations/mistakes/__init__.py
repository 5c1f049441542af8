"""The error model: what comes out when one step of a derivation is done wrongly.

An operator looks at one assignment of a program (one step: a node or an adjoint) and yields the wrong ways to do it.
Each knows its code, a message, a hint and a prior: how often students make it. The priors follow a count of 99
confirmed mistakes in 502 files of course work: regulariser 22, activation's derivative 17, loss or softmax 15,
averaging 13, constant factor 7, sum 5, transposition 5, sign 4.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from ..program import Program
from . import (
    activations,
    chain,
    cross_entropy,
    data,
    losses,
    normalisations,
    products,
    regularisers,
    scales,
    signs,
    softmax,
    softmax_jacobian,
    sums,
    updates,
    windows,
)
from .other_loss import derived_again
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
    sums.broadcast_residual,
    sums.sum_range,
    sums.wrong_axis,
    sums.extra_sum,
    products.transposition,
    products.wrong_operand,
    products.own_output,
    products.old_value,
    products.updated_too_early,
    products.gradient_taken_again,
    activations.activation,
    activations.wrong_activation,
    softmax.softmax,
    softmax_jacobian.jacobian,
    softmax_jacobian.jacobian_through_softmax,
    cross_entropy.loss_by_wrong_probabilities,
    cross_entropy.wrong_cross_entropy,
    cross_entropy.large_epsilon,
    chain.missing_factor,
    chain.missing_path,
    chain.wrong_adjoint,
    chain.parameter_for_derivative,
    chain.wrong_power,
    chain.bracket_terms,
    chain.one_sample,
    chain.idle_rows,
    normalisations.over_other_axis,
    normalisations.all_held_constant,
    normalisations.outside_the_sums,
    normalisations.not_scaled,
    normalisations.not_normalised,
    regularisers.regulariser,
    chain.penalty_strength_missing,
    losses.not_a_loss,
    losses.other_sample_loss,
    losses.missing_term,
    windows.turned_filter,
    updates.wrong_constant,
    updates.wrong_step,
    updates.wrong_momentum,
    data.wrong_data,
    data.wrong_data_throughout,
    data.dropped_samples,
)


def mistakes(program: Program) -> Iterator[Mistake]:
    """Every single mistake in a program, and every slip made at all its sites, whether or not it changes a number."""
    for operator in OPERATORS:
        slips: dict[tuple[str, str, int], dict[str, Mistake]] = {}
        for assignment in program.assignments:
            seen: Counter[tuple[str, str]] = Counter()
            for mistake in operator(Site(program, assignment)):
                yield mistake
                yield from derived_again(mistake, program)
                slip = (mistake.variant.code, _without_names(mistake.variant.message, program))
                # One message may stand for several forms; the first at one site belongs to the first at the others.
                slips.setdefault((*slip, seen[slip]), {})[assignment.name] = mistake
                seen[slip] += 1
        for sites in slips.values():
            # What is done wrongly all the way back may have been right on the way forward.
            back = [mistake for name, mistake in sites.items() if "/d" in name]
            for same in (list(sites.values()), back if len(back) < len(sites) else []):
                if len(same) > 1:
                    yield _at_every_site(same)


def _without_names(message: str, program: Program) -> str:
    """A message in which the names of arrays are the same: what two sites of one slip have in common."""
    names = "|".join(sorted(map(re.escape, program.model.arrays), key=len, reverse=True))
    return re.sub(rf"\b({names})\b", "_", message)


def _at_every_site(same: list[Mistake]) -> Mistake:
    """One slip made wherever it can be: both relu masks, the penalty of every layer."""
    changed = {name: assignment for mistake in same for name, assignment in mistake.changed.items()}
    return Mistake(changed, replace(same[0].variant, prior=same[0].variant.prior / 2))
