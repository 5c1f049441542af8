"""Averages, constant factors and brackets."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ..expressions import Delta
from ..model import Model
from .site import Mistake, Site, penalty_strength, terms


def averaging(site: Site) -> Iterator[Mistake]:
    """1/n left out, applied twice, or with another size."""
    for n in site.sample_sizes:
        note = site.model.size_notes.get(n.name, "samples")
        hint = f"The mean over the {note} divides by {n} once, on the way from J to the gradient."
        if site.value.has(1 / n):
            without = site.value.xreplace({1 / n: sympy.S.One})
            yield site.mistake("mean-missing", 5, f"The factor 1/{n} of the mean is missing.", hint, without)
            for other in _other_counts(site.model, n):
                yield site.mistake(
                    "wrong-count",
                    2,
                    f"The mean divides by {other}, not by {n}.",
                    f"J is the mean over {site.model.size_notes.get(str(n), 'n')}: divide by their number.",
                    site.value.xreplace({1 / n: 1 / other}),
                )
        if site.is_derivative or site.is_output:
            if any(step.value.has(1 / n) for step in site.steps_before):
                yield site.mistake("mean-twice", 4, f"1/{n} is applied twice.", hint, site.value / n)
            else:
                message = f"It is divided by {n}, but no mean is taken here."
                hint = "Is it a sum or a mean on paper? A mean in the loss is in the gradient from above already."
                yield site.mistake("mean-twice", 4, message, hint, site.value / n)


def _other_counts(model: Model, n: sympy.Symbol) -> list[sympy.Expr]:
    others = [sympy.Symbol(name, integer=True, positive=True) for name in model.size_notes if name != n.name]
    return [*others, *(n * other for other in others), n - 1]


def constant_factor(site: Site) -> Iterator[Mistake]:
    """A constant missing, extra or upside down."""
    coefficient = site.value.as_coeff_Mul()[0]
    hint = "Check the constants: the exponent that comes down, and a 1/2 in the loss."
    if abs(coefficient) != 1:
        yield site.mistake(
            "factor", 3, f"The factor {abs(coefficient)} is missing.", hint, site.value / abs(coefficient)
        )
    if site.is_derivative or site.is_output:
        for factor in (sympy.Integer(2), sympy.Rational(1, 2)):
            if coefficient * factor not in {1, -1}:
                yield site.mistake("factor", 2, f"It is {factor} times what it should be.", hint, factor * site.value)
    for term, rest in terms(site.value):
        if not penalty_strength(term, site.model):
            number = term.as_coeff_Mul()[0]
            if abs(number) not in {0, 1} and not term.is_Number:
                yield site.mistake(
                    "factor", 1, f"The factor {abs(number)} of one term is missing.", hint, rest + term / abs(number)
                )


def missing_brackets(site: Site) -> Iterator[Mistake]:
    """A factor that reaches the first term of a bracket only: 2/n * z - y."""
    factors = list(sympy.Mul.make_args(site.value))
    for place, factor in enumerate(factors):
        rest = sympy.Mul(*factors[:place], *factors[place + 1 :])
        # In a Jacobian, (delta - s_j) s_i, the first term is a case of its own: see softmax.jacobian.
        if isinstance(factor, sympy.Add) and rest != 1 and len(factor.args) == 2 and not factor.has(Delta):
            for term in factor.args:
                yield site.mistake(
                    "precedence",
                    2,
                    "A factor reaches only one term of the bracket.",
                    "Write the brackets: a factor in front of a - b multiplies a alone.",
                    rest * term + (factor - term),
                )
