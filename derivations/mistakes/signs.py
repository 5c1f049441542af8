"""Signs: the residual the wrong way round, a lost minus, one term of several."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from .site import Mistake, Site, penalty_strength, terms


def reversed_sign(site: Site) -> Iterator[Mistake]:
    """The opposite sign: of a residual, or of the whole."""
    if not site.is_derivative and not site.is_output:
        return
    if site.is_derivative and _residual(site.value) is not None:
        yield site.mistake(
            "residual-reversed",
            4,
            "The residual is taken the wrong way round, so all that follows from it has the opposite sign.",
            "Differentiate the loss by the prediction once more: which of the two is subtracted?",
            -site.value,
        )
    yield site.mistake(
        "sign-flipped",
        2,
        "Every entry has the right size and the opposite sign.",
        "Look for a minus that was lost, or one too many.",
        -site.value,
    )


def _residual(value: sympy.Expr) -> sympy.Expr | None:
    """The factor that is a difference of two arrays."""
    for factor in sympy.Mul.make_args(value):
        if isinstance(factor, sympy.Add) and len(factor.args) == 2 and not any(t.is_Number for t in factor.args):
            negative = [term.could_extract_minus_sign() for term in factor.args]
            if negative.count(True) == 1:
                return factor
    return None


def term_sign(site: Site) -> Iterator[Mistake]:
    """One term of a sum with the wrong sign."""
    for term, rest in terms(site.value):
        if penalty_strength(term, site.model):
            yield site.mistake(
                "regulariser-sign",
                1,
                "The regulariser's term has the wrong sign.",
                "The penalty is added to the loss, so its derivative is added to the gradient.",
                rest - term,
            )
        else:
            yield site.mistake(
                "term-sign",
                1,
                "One of the terms has the wrong sign.",
                "Check the sign of each term on its own.",
                rest - term,
            )
