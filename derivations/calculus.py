"""Differentiating index notation: SymPy differentiates what is scalar, deltas carry the indices.

`differentiate` replaces each maximal sum or entry by a scalar symbol, lets SymPy differentiate with respect to it, and
multiplies by the derivative of what the symbol stood for, down to entries, whose derivative is a product of Kronecker
deltas. `collapse` then lets each delta select one term of its sum.
"""

from __future__ import annotations

from functools import cache

import sympy

from .expressions import (
    Delta,
    Entry,
    Index,
    Partial,
    Shift,
    SumOver,
    avoid,
    free_indices,
    named_arrays,
    rebuild,
    rename,
)
from .functions import Elementary


def differentiate(expression: sympy.Expr, target: Entry) -> sympy.Expr:
    """The derivative of an expression with respect to one entry, deltas not yet collapsed."""
    return _differentiate(avoid(expression, target.indices), target)


def _differentiate(expression: sympy.Expr, target: Entry) -> sympy.Expr:
    if target.name not in named_arrays(expression):
        return sympy.S.Zero
    if isinstance(expression, Entry):
        return sympy.Mul(*(Delta(a, b) for a, b in zip(expression.indices, target.indices, strict=True)))
    if isinstance(expression, SumOver):
        return SumOver(_differentiate(expression.body, target), *expression.indices)
    scalars = {atom: _scalar(place) for place, atom in enumerate(_maximal_atoms(expression))}
    back = {scalar: atom for atom, scalar in scalars.items()}
    scalar_form = expression.xreplace(scalars)
    return sympy.Add(
        *(
            scalar_form.diff(scalar).xreplace(back) * _differentiate(atom, target)
            for atom, scalar in scalars.items()
            if target.name in named_arrays(atom)
        )
    )


@cache
def _scalar(place: int) -> sympy.Symbol:
    return sympy.Symbol(f"u{place}", real=True)


def _maximal_atoms(expression: sympy.Expr) -> list[sympy.Expr]:
    """The sums, entries and deltas that are in no other, each once, in a fixed order."""
    if isinstance(expression, (SumOver, Entry, Delta, Shift, Partial)):
        return [expression]
    atoms: dict[sympy.Expr, None] = {}
    for argument in expression.args:
        atoms.update(dict.fromkeys(_maximal_atoms(argument)))
    return list(atoms)


def scalar_form(expression: sympy.Expr) -> tuple[sympy.Expr, dict[sympy.Symbol, sympy.Expr]]:
    """The expression with a scalar symbol for each maximal atom, and what each symbol stands for."""
    scalars = {atom: _scalar(place) for place, atom in enumerate(_maximal_atoms(expression))}
    return expression.xreplace(scalars), {scalar: atom for atom, scalar in scalars.items()}


def collapse(expression: sympy.Expr) -> sympy.Expr:
    """The expression with every sum over a delta replaced by the one term that the delta selects."""
    if not expression.has(Delta):
        return expression
    if not isinstance(expression, SumOver):
        return (
            rebuild(expression, [collapse(argument) for argument in expression.args]) if expression.args else expression
        )
    body = collapse(expression.body)
    if isinstance(body, SumOver):
        return (
            collapse(SumOver(body.body, *expression.indices, *body.indices))
            if body.has(Delta)
            else SumOver(body, *expression.indices)
        )
    delta = _delta_binding(body, expression.indices)
    if delta is None:
        return SumOver(body, *expression.indices)
    if isinstance(body, sympy.Add):
        return sympy.Add(*(collapse(SumOver(term, *expression.indices)) for term in body.args))
    factors = list(sympy.Mul.make_args(body))
    if delta in factors:
        factors.remove(delta)
        bound = next(index for index in expression.indices if index in delta.args)
        rest = rename(sympy.Mul(*factors), {bound: delta.other(bound)})
        return collapse(SumOver(rest, *(index for index in expression.indices if index != bound)))
    return collapse(SumOver(_expand_over(factors, delta), *expression.indices))


def _delta_binding(expression: sympy.Expr, bound: tuple[Index, ...]) -> sympy.Expr | None:
    """The first delta that joins one of the bound indices with another index."""
    for delta in sorted(expression.atoms(Delta), key=str):
        if set(delta.args) & set(bound) & free_indices(expression):
            return delta
    return None


def _expand_over(factors: list[sympy.Expr], delta: sympy.Expr) -> sympy.Expr:
    """The product multiplied out over the first factor that contains the delta."""
    place = next(place for place, factor in enumerate(factors) if factor.has(delta))
    factor, rest = factors[place], factors[:place] + factors[place + 1 :]
    if (
        isinstance(factor, sympy.Pow)
        and isinstance(factor.base, sympy.Add)
        and factor.exp.is_Integer
        and factor.exp > 0
    ):
        factor = sympy.expand_multinomial(factor)
    if isinstance(factor, SumOver):
        inner = avoid(factor, set().union(*(free_indices(other) for other in rest)))
        return SumOver(sympy.Mul(*rest, inner.body), *inner.indices)
    return sympy.Add(*(sympy.Mul(*rest, term) for term in sympy.Add.make_args(factor)))


def rule_of_differentiation(expression: sympy.Expr, target: Entry) -> tuple[str, str]:
    """The name of the rule that differentiates an expression, and a sentence on it."""
    while isinstance(expression, SumOver):
        expression = expression.body
    form, atoms = scalar_form(expression)
    moving = {scalar for scalar, atom in atoms.items() if target.name in named_arrays(atom)}
    terms = [term for term in sympy.Add.make_args(form) if term.free_symbols & moving]
    if len(terms) == 1:
        inner = atoms.get(terms[0])
        if isinstance(inner, SumOver):
            return rule_of_differentiation(inner, target)
        return _rule_of_term(terms[0], moving)
    return "sum rule", "The derivative of a sum is the sum of the derivatives, term by term."


def _rule_of_term(term: sympy.Expr, moving: set[sympy.Symbol]) -> tuple[str, str]:
    factors = [factor for factor in sympy.Mul.make_args(term) if factor.free_symbols & moving]
    if len(factors) > 1:
        if any(isinstance(factor, sympy.Pow) and factor.exp.is_negative for factor in factors):
            return "quotient rule", "(u/v)′ = u′/v − u v′/v²."
        return "product rule", "(u v)′ = u′ v + u v′."
    factor = factors[0]
    if isinstance(factor, sympy.Pow):
        return "power rule", "(u^k)' = k u^(k-1) u'."
    if isinstance(factor, Elementary):
        return (
            f"derivative of {type(factor).__name__.replace('_', ' ')}",
            f"{_sentence(type(factor).rule)}, times the inner derivative.",
        )
    return "linearity", "Constant factors stay in front; what does not depend on the variable drops out."


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
