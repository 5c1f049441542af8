"""Rewriting an expression without changing its value: the rules that bring a result into textbook form.

Each rule is a function from expression to expression with a name and a one-sentence reason; the derivation records an
equality for each that changes something, and the equality is proven like every other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sympy

from .calculus import scalar_form
from .expressions import Entry, Index, SumOver, canonical, free_indices, rebuild, rename, size_of_tree
from .functions import Elementary, relu, step
from .model import Definition, Model

Rewrite = Callable[[sympy.Expr], sympy.Expr]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rewriting rule: what it is called, why it holds, and what it does."""

    name: str
    reason: str
    apply: Rewrite


def rules_of(model: Model) -> tuple[Rule, ...]:
    """The rules that hold for a model, in the order they are tried."""
    folds = [definition for definition in model.definitions if definition.value.has(Elementary)]
    return (
        Rule("constants leave the sum", "A factor that does not depend on the summed index stands in front.", hoist),
        *(Rule(f"definition of {d.name}", f"Read backwards: this is {d.name}.", _folding(d)) for d in folds),
        Rule("algebra", "Cancel, and take out what the terms have in common.", tidy),
        *(
            Rule(f"rows of {name} sum to 1", f"Each row of {name} sums to 1.", _row_sums(name))
            for name, array in model.arrays.items()
            if array.domain.rows_sum_to_one
        ),
        Rule("algebra", "Cancel, and take out what the terms have in common.", tidy),
    )


def everywhere(rewrite: Rewrite) -> Rewrite:
    """The rewrite applied to every subexpression, innermost first."""

    def apply(expression: sympy.Expr) -> sympy.Expr:
        if isinstance(expression, Entry) or not expression.args:
            return expression
        arguments = [argument if isinstance(argument, Index) else apply(argument) for argument in expression.args]
        changed = any(new is not old for new, old in zip(arguments, expression.args, strict=True))
        return rewrite(rebuild(expression, arguments) if changed else expression)

    return apply


# Constants out of sums ------------------------------------------------------------------------------------------------


def _hoist_one(expression: sympy.Expr) -> sympy.Expr:
    if not isinstance(expression, SumOver):
        return expression
    bound = set(expression.indices)
    inside: list[sympy.Expr] = []
    outside: list[sympy.Expr] = []
    for factor in sympy.Mul.make_args(expression.body):
        (inside if free_indices(factor) & bound else outside).append(factor)
    body = sympy.Mul(*inside)
    # The sum of something over an index it does not have is that many times it.
    idle = [index for index in expression.indices if index not in free_indices(body)]
    kept = [index for index in expression.indices if index not in idle]
    return sympy.Mul(*outside, *(index.size for index in idle), SumOver(body, *kept))


hoist = everywhere(_hoist_one)
"""Factors that do not depend on a sum's index, in front of the sum."""


# Named nodes ----------------------------------------------------------------------------------------------------------


def _folding(definition: Definition) -> Rewrite:
    """Recognise a definition's value, at any indices, and write the node's name for it."""
    pattern = {factor: int(power) for factor, power in definition.value.as_powers_dict().items()}
    anchor = next(
        (f for f in pattern if set(definition.indices) <= free_indices(f) and not isinstance(f, SumOver)), None
    )
    if anchor is None:
        return lambda expression: expression

    def fold(expression: sympy.Expr) -> sympy.Expr:
        if not isinstance(expression, (sympy.Mul, sympy.Pow, Elementary)):
            return expression
        for factor in expression.as_powers_dict():
            names = match(anchor, factor, definition.indices)
            if names is not None:
                instance = {rename(f, names): power for f, power in pattern.items()}
                folded = _divide(expression, instance)
                if folded is not None:
                    return fold(folded * rename(definition.entry, names))
        return expression

    return everywhere(fold)


def _divide(expression: sympy.Expr, divisor: dict[sympy.Expr, int]) -> sympy.Expr | None:
    """The product without the divisor's factors; None when it does not contain all of them."""
    powers = dict(expression.as_powers_dict())
    for wanted, power in divisor.items():
        same = next((f for f in powers if f == wanted or canonical(f) == canonical(wanted)), None)
        if same is None or not powers[same].is_Integer or power * (powers[same] - power) < 0:
            return None
        powers[same] -= power
    return sympy.Mul(*(factor**power for factor, power in powers.items()))


def match(pattern: sympy.Expr, expression: sympy.Expr, variables: tuple[Index, ...]) -> dict[Index, Index] | None:
    """The indices to put for the pattern's variables so that it equals the expression; None when there are none."""
    names: dict[Index, Index] = {}

    def same(left: sympy.Basic, right: sympy.Basic) -> bool:
        if isinstance(left, Index) and left in variables:
            return isinstance(right, Index) and left.size == right.size and names.setdefault(left, right) == right
        if not left.args or not right.args:
            return bool(left == right)
        return (
            left.func == right.func
            and len(left.args) == len(right.args)
            and all(same(a, b) for a, b in zip(left.args, right.args, strict=True))
        )

    return names if same(canonical(pattern), canonical(expression)) and len(names) == len(variables) else None


# Facts about data -----------------------------------------------------------------------------------------------------


def _row_sums(name: str) -> Rewrite:
    def apply(expression: sympy.Expr) -> sympy.Expr:
        if isinstance(expression, SumOver) and len(expression.indices) == 1:
            body = expression.body
            if isinstance(body, Entry) and body.name == name and body.indices[-1] == expression.indices[0]:
                return sympy.S.One
        return expression

    return everywhere(apply)


# Algebra --------------------------------------------------------------------------------------------------------------


def tidy(expression: sympy.Expr) -> sympy.Expr:
    """The shortest of a few equal forms: as it is, with common factors taken out, or cancelled first."""
    expression = everywhere(_step_of_relu)(expression)
    candidates = [expression, _collect(expression)]
    if any(power.is_negative for _, power in _powers(expression)) and expression.has(sympy.Add):
        candidates.append(_collect(_cancel(expression)))
    best = min(candidates, key=size_of_tree)
    return everywhere(_reverse_signs)(best)


def _powers(expression: sympy.Expr) -> list[tuple[sympy.Expr, sympy.Expr]]:
    return [
        (power.base, power.exp)
        for power in sympy.preorder_traversal(expression)
        if isinstance(power, sympy.Pow) and not power.base.is_Symbol
    ]


def _cancel(expression: sympy.Expr) -> sympy.Expr:
    form, atoms = scalar_form(expression)
    return sympy.cancel(form).xreplace(atoms)


def _step_of_relu(expression: sympy.Expr) -> sympy.Expr:
    """relu(u) step(u) = relu(u): the step is 1 wherever relu is not 0."""
    if not isinstance(expression, sympy.Mul):
        return expression
    arguments = {factor.args[0] for factor in expression.args if isinstance(factor, relu)}
    return sympy.Mul(*(f for f in expression.args if not (isinstance(f, step) and f.args[0] in arguments)))


def _collect_one(expression: sympy.Expr) -> sympy.Expr:
    """c a + c b as c (a + b)."""
    if not isinstance(expression, sympy.Add):
        return expression
    terms = [_flat_powers(term) for term in expression.args]
    common = {
        factor: min(term[factor] for term in terms) if power.is_positive else max(term[factor] for term in terms)
        for factor, power in terms[0].items()
        if all(factor in term and (term[factor].is_positive == power.is_positive) for term in terms)
        if power.is_Integer
    }
    number = sympy.gcd_list([term.as_coeff_Mul()[0] for term in expression.args])
    if not common and number == 1:
        return expression
    outside = sympy.Mul(number, *(factor**power for factor, power in common.items()))
    return sympy.Mul(outside, sympy.Add(*(term / outside for term in expression.args)))


def _flat_powers(term: sympy.Expr) -> dict[sympy.Expr, sympy.Expr]:
    return {
        factor: power for factor, power in term.as_powers_dict().items() if not factor.is_Number and power.is_Integer
    }


_collect = everywhere(_collect_one)


def _reverse_signs(expression: sympy.Expr) -> sympy.Expr:
    """-2 (a - b) as 2 (b - a), and (y - a) / (a - 1) as (a - y) / (1 - a)."""
    if not isinstance(expression, (sympy.Mul, sympy.Pow)):
        return expression
    coefficient, rest = expression.as_coeff_Mul()
    factors = list(sympy.Mul.make_args(rest))
    for place, factor in enumerate(factors):
        if _starts_negative(factor):
            factors[place], coefficient = _negated(factor), -coefficient
    if coefficient.is_negative:
        negatable = [place for place, factor in enumerate(factors) if _can_be_negated(factor)]
        for place in negatable[:1]:
            factors[place], coefficient = _negated(factors[place]), -coefficient
    return sympy.Mul(coefficient, *factors)


def _base_and_power(factor: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr]:
    return factor.as_base_exp() if isinstance(factor, sympy.Pow) else (factor, sympy.S.One)


def _starts_negative(factor: sympy.Expr) -> bool:
    """a - 1: a sum whose number is negative, to an odd power."""
    base, power = _base_and_power(factor)
    return bool(isinstance(base, sympy.Add) and power.is_odd and base.as_coeff_Add()[0].is_negative)


def _can_be_negated(factor: sympy.Expr) -> bool:
    """y - z: a sum that reads no worse with all signs reversed."""
    base, power = _base_and_power(factor)
    if not isinstance(base, sympy.Add) or not power.is_odd or base.as_coeff_Add()[0].is_positive:
        return False
    return bool(2 * sum(term.could_extract_minus_sign() for term in base.args) >= len(base.args))


def _negated(factor: sympy.Expr) -> sympy.Expr:
    base, power = _base_and_power(factor)
    return sympy.Add(*(-term for term in base.args)) ** power
