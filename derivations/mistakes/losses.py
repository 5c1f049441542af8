"""What a loss or a forward function returns instead."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ..expressions import Entry, SumOver
from ..functions import absolute
from ..model import Role
from .site import Mistake, Site, indices_of, penalty_strength, sums, terms


def not_a_loss(site: Site) -> Iterator[Mistake]:
    """A loss function that returns something else: each sample's loss, the residual, the absolute error."""
    if site.is_derivative or not site.is_output or site.model.arrays[site.name].role is not Role.LOSS:
        return
    hint = "The loss is one number: what it is the mean of is squared or taken the logarithm of first."
    for total in sums(site.value):
        if len(total.indices) == 1 and isinstance(total.body, Entry):
            yield site.mistake(
                "not-a-loss", 2, "It returns each sample's loss, not their mean.", hint, total.body, total.indices
            )
    for square in _squares(site):
        index = indices_of(square)
        mean = site.value.xreplace({total: SumOver(square.base, *index) for total in sums(site.value)})
        yield site.mistake("not-a-loss", 3, "It returns the mean residual, not the mean of its square.", hint, mean)
        size = site.value.xreplace({total: SumOver(absolute(square.base), *index) for total in sums(site.value)})
        yield site.mistake(
            "not-a-loss", 3, "It returns the mean absolute error, not the mean squared error.", hint, size
        )
        yield site.mistake("not-a-loss", 2, "It returns the residual of every sample.", hint, square.base, index)


def _squares(site: Site) -> list[sympy.Pow]:
    """The squares that the loss of one sample consists of."""
    values = [assignment.value for assignment in site.program.assignments if assignment.name != site.name]
    parts = [value.as_coeff_Mul()[1] for value in values]
    return [part for part in parts if isinstance(part, sympy.Pow) and part.exp == 2 and len(indices_of(part)) == 1]


def missing_term(site: Site) -> Iterator[Mistake]:
    """A term left out, such as the bias."""
    for term, rest in terms(site.value):
        if not penalty_strength(term, site.model) and not term.is_Number:
            yield site.mistake(
                "term-missing", 1, "One of the terms is missing.", "Count the terms on paper and in code.", rest
            )
