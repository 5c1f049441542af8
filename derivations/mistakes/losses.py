"""What a loss or a forward function returns instead."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ..expressions import Entry, SumOver
from ..functions import absolute
from ..model import Role
from .chain import paths
from .site import Mistake, Site, indices_of, penalty_strength, sums, terms

HALF = sympy.Rational(1, 2)


def not_a_loss(site: Site) -> Iterator[Mistake]:
    """A loss function that returns something else: each sample's loss, the residual, the absolute error."""
    if site.is_derivative or not site.is_output or site.model.arrays[site.name].role is not Role.LOSS:
        return
    hint = "The loss is one number: what it is the mean of is squared or taken the logarithm of first."
    for total in sums(site.value):
        if len(total.indices) == 1 and isinstance(total.body, Entry):
            penalty = sympy.Add(*(term for term, _ in terms(site.value) if penalty_strength(term, site.model)))
            for value in dict.fromkeys((total.body + penalty, total.body)):
                yield site.mistake(
                    "not-a-loss", 2, "It returns each sample's loss, not their mean.", hint, value, total.indices
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
    yield site.mistake(
        "wrong-loss", 2, "It returns the root of the loss.", "The loss is the mean itself.", site.value**HALF
    )
    yield site.mistake("wrong-loss", 1, "It returns the square of the loss.", hint, site.value**2)


def other_sample_loss(site: Site) -> Iterator[Mistake]:
    """The loss of one sample with another power of the residual."""
    if site.is_derivative or site.is_output:
        return
    square = site.value.as_coeff_Mul()[1]
    if not isinstance(square, sympy.Pow) or square.exp != 2 or len(indices_of(square)) != 1:
        return
    hint = "The loss of one sample is the square of its residual."
    for message, wrong in (
        ("The loss is the absolute error, not the squared one.", absolute(square.base)),
        ("The loss is the residual, not its square.", square.base),
        ("The loss is the residual to the power of 4.", square.base**4),
    ):
        yield site.mistake("wrong-loss", 2, message, hint, site.value.xreplace({square: wrong}))
    for term, rest in terms(square.base):
        for sign in (1, -1):
            yield site.mistake(
                "precedence",
                2,
                "The square reaches one term of the residual only.",
                "Write the brackets: a - b ** 2 squares b alone.",
                site.value.xreplace({square: sign * rest + sign * term * sign_of(term) * term}),
            )


def _squares(site: Site) -> list[sympy.Pow]:
    """The squares that the loss of one sample consists of."""
    values = [assignment.value for assignment in site.program.assignments if assignment.name != site.name]
    parts = [value.as_coeff_Mul()[1] for value in values]
    return [part for part in parts if isinstance(part, sympy.Pow) and part.exp == 2 and len(indices_of(part)) == 1]


def sign_of(term: sympy.Expr) -> int:
    """The sign in front of a term."""
    return -1 if term.could_extract_minus_sign() else 1


def missing_term(site: Site) -> Iterator[Mistake]:
    """A term left out, such as the bias."""
    for term, rest in terms(site.value):
        is_path = site.is_derivative and paths(term)  # those are chain.missing_path
        if not penalty_strength(term, site.model) and not term.is_Number and not is_path:
            yield site.mistake(
                "term-missing", 1, "One of the terms is missing.", "Count the terms on paper and in code.", rest
            )
