"""Regularisers: the term left out, with another factor, divided by n, in another form, on a bias."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ..expressions import Entry, Index, SumOver, rename
from ..functions import absolute
from ..model import Role
from .site import Mistake, Site, penalty_strength, terms

HALF = sympy.Rational(1, 2)


def regulariser(site: Site) -> Iterator[Mistake]:
    """The penalty's term left out, with another factor, divided by n, in another form, or on a bias."""
    for term, rest in terms(site.value):
        strength = penalty_strength(term, site.model)
        if strength is None:
            continue
        yield site.mistake(
            "regulariser-missing",
            8,
            "The regulariser's term is missing.",
            "The penalty on the weights is part of the loss: differentiate it too.",
            rest,
        )
        for factor, what in ((sympy.Rational(1, 2), "half"), (sympy.Integer(2), "twice")):
            yield site.mistake(
                "regulariser-factor",
                6,
                f"The regulariser's term is {what} of what it should be.",
                "Is the penalty lambda w^2 or lambda/2 w^2? Its derivative is 2 lambda w or lambda w.",
                rest + factor * term,
            )
        for n in site.sample_sizes:
            yield site.mistake(
                "regulariser-scaled",
                4,
                f"The regulariser's term is divided by {n}.",
                "The penalty does not belong to the mean over the samples.",
                rest + term / n,
            )
            if site.is_derivative:
                yield site.mistake(
                    "precedence",
                    2,
                    f"It is divided by {n} plus the regulariser's term, not by {n}.",
                    "In dW /= n + reg * W, the sum is the divisor: divide first, then add.",
                    rest * n / (n + term),
                )
        yield from _wrong_forms(site, term, rest)
    yield from _all_penalties(site)
    if not site.is_derivative:
        yield from _sums_of_other_kind(site)
    yield from _penalty_on_bias(site)


def _all_penalties(site: Site) -> Iterator[Mistake]:
    """The same slip in the penalty of every layer, where one line adds them all."""
    penalties = [term for term, _ in terms(site.value) if penalty_strength(term, site.model)]
    if len(penalties) > 1:
        total = sympy.Add(*penalties)
        rest = site.value - total
        yield site.mistake(
            "regulariser-missing",
            3,
            "The regulariser is missing.",
            "The penalty on the weights is part of the loss.",
            rest,
        )
        yield site.mistake(
            "regulariser-sign",
            2,
            "The regulariser is subtracted from the loss.",
            "The penalty is added: large weights make the loss larger.",
            rest - total,
        )
        for factor, what in ((sympy.Rational(1, 2), "half"), (sympy.Integer(2), "twice")):
            yield site.mistake(
                "regulariser-factor",
                3,
                f"The regulariser is {what} of what it should be.",
                "Is the penalty lambda w^2 or lambda/2 w^2?",
                rest + sympy.Add(*(factor * term for term in penalties)),
            )
        for n in site.sample_sizes:
            yield site.mistake(
                "regulariser-scaled",
                3,
                f"The regulariser is divided by {n}.",
                "The penalty does not belong to the mean over the samples.",
                rest + sympy.Add(*(term / n for term in penalties)),
            )


def _sums_of_other_kind(site: Site) -> Iterator[Mistake]:
    """In the loss, the norm of the weights for its square, the sum of their sizes, or the square of their sum."""
    forms: dict[str, dict[sympy.Expr, sympy.Expr]] = {}
    for term in sympy.Add.make_args(site.value):
        strength = penalty_strength(term, site.model)
        for total in term.atoms(SumOver) if strength is not None else ():
            if isinstance(total.body, sympy.Pow) and isinstance(total.body.base, Entry):
                weight = total.body.base
                plain = SumOver(weight, *total.indices)
                for message, wrong in (
                    ("The regulariser has the norm of the weights, not its square.", sympy.sqrt(total)),
                    ("The regulariser has the sum of the weights.", plain),
                    ("The regulariser has the square of the sum of the weights.", plain**2),
                    ("The regulariser has the sizes of the weights.", SumOver(absolute(weight), *total.indices)),
                ):
                    forms.setdefault(message, {})[total] = wrong
    for message, swap in forms.items():
        for part in [swap] if len(swap) == 1 else [swap, *({total: wrong} for total, wrong in swap.items())]:
            yield site.mistake(
                "regulariser-form",
                2,
                message,
                "L2 is the sum of the squares of all weights.",
                site.value.xreplace(part),
            )


def _wrong_forms(site: Site, term: sympy.Expr, rest: sympy.Expr) -> Iterator[Mistake]:
    hint = "The derivative of the sum of w^2 with respect to one weight is 2 times that weight."
    parameters = [entry for entry in term.atoms(Entry) if site.model.arrays[entry.name].role is Role.PARAMETER]
    if site.is_derivative and len(parameters) == 1 and not term.has(SumOver):
        weight = parameters[0]
        fresh = {index: Index(index.name + "'", index.size) for index in weight.indices}
        total = SumOver(rename(weight, fresh), *fresh.values())
        yield site.mistake(
            "regulariser-form", 1, "The regulariser's term has the square of the weights.", hint, rest + term * weight
        )
        for factor in (1, HALF):
            yield site.mistake(
                "regulariser-form",
                1,
                "The penalty itself is added to the gradient, not its derivative.",
                hint,
                rest + factor * term.xreplace({weight: SumOver(rename(weight, fresh) ** 2, *fresh.values())}),
            )
        yield site.mistake(
            "regulariser-form",
            1,
            "The regulariser's term has the sum of the weights.",
            hint,
            rest + term.xreplace({weight: total}),
        )


def _penalty_on_bias(site: Site) -> Iterator[Mistake]:
    """The bias's gradient with a term that only the weights should have."""
    name = site.name.partition("/d")[2]
    array = site.model.arrays.get(name)
    if not site.is_derivative or array is None or array.role is not Role.PARAMETER:
        return
    penalties = [
        (term, strength)
        for assignment in site.program.assignments
        if "/d" in assignment.name and assignment.name != site.name
        for term, _ in terms(assignment.value)
        if (strength := penalty_strength(term, site.model))
    ]
    if penalties and not any(penalty_strength(term, site.model) for term, _ in terms(site.value)):
        term, strength = penalties[0]
        bias = Entry(sympy.Symbol(name), *site.assignment.indices)
        for factor, how in ((1, ""), (HALF, ", with half the factor"), (2, ", with twice the factor")):
            yield site.mistake(
                "regulariser-on-bias",
                4 if factor == 1 else 1,
                f"The bias is regularised too{how}.",
                "The penalty is on the weights only.",
                site.value + factor * term.as_coeff_Mul()[0] * strength * bias,
            )
