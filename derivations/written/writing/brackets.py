"""Where a written formula needs a bracket that its tree does not hold; the same for LaTeX, text and MathML."""

from __future__ import annotations

from ..terms import (
    Cases,
    Derivative,
    Entries,
    Grid,
    Negative,
    Power,
    Product,
    Quotient,
    Term,
    Terms,
    Total,
    Transposed,
)


def is_tall(term: Term) -> bool:
    """Is something in it taller than a letter?"""
    return any(isinstance(part, (Quotient, Derivative, Total, Cases, Grid)) for part in term.walk())


def is_sum(term: Term) -> bool:
    """Are these several summands without brackets?"""
    return isinstance(term, Terms) and len(term.terms) != 1


def ends_open(term: Term) -> bool:
    """Would a factor after it be read as part of it?"""
    match term:
        case Total():
            return True
        case Negative(body=body):
            return ends_open(body)
        case Derivative(form="operator", of=of):
            return not begins_with_bracket(of)
        case Product(factors=factors):
            return ends_open(factors[-1])
    return False


def is_bracket(term: Term | None) -> bool:
    """Is it a bracket of its own?"""
    return isinstance(term, Terms) and len(term.terms) == 1


def begins_with_bracket(term: Term | None) -> bool:
    """Is it a factor whose first sign is a bracket, such as (a + b)^2? What differentiates it reaches no further."""
    match term:
        case Power(base=inside) | Transposed(body=inside) | Entries(body=inside):
            return begins_with_bracket(inside)
    return is_bracket(term)


def needs_brackets(factor: Term, *, is_last: bool, follows_sign: bool) -> bool:
    """Must this factor of a product stand in brackets that the tree does not hold?"""
    if isinstance(factor, Negative):
        return not follows_sign or needs_brackets(factor.body, is_last=is_last, follows_sign=True)
    return is_sum(factor) or isinstance(factor, Product) or (not is_last and ends_open(factor))


def unfolded(derivative: Derivative) -> tuple[Term | None, tuple[Term, ...], str]:
    """What is differentiated in the end, by what, outermost first, and how the innermost derivative is written."""
    of, names, form = derivative.of, derivative.by, derivative.form
    while isinstance(of, Derivative) and form in {"partial", "operator", "hessian"}:
        inner = of
        if inner.form != form and not (form == "hessian" and inner.form in {"partial", "operator", "nabla"}):
            break
        of, names, form = inner.of, (*names, *inner.by), inner.form
    return of, names, form


def is_hessian(derivative: Derivative) -> bool:
    """Is it the matrix of second derivatives?"""
    return derivative.form == "hessian"
