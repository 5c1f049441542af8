"""From a SymPy expression to a formula as a textbook sets it: our order of terms and factors, not SymPy's.

In a sum, positive terms come first, and among them the number 1. In a product, numbers, sizes and constants come first,
as one fraction; then derivatives, Kronecker deltas, brackets, entries, functions, and a sum last, since it reaches to
the end. An entry that a bracket also names comes before it: a (1 - a).
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import sympy

from .expressions import (
    Adjoint,
    Delta,
    Entry,
    Index,
    IndexSum,
    Partial,
    Shift,
    SumOver,
    free_indices,
    named_arrays,
    size_of_tree,
)
from .function_layouts import function_layout, is_closed
from .functions import Elementary, exp
from .layout import (
    Derivative,
    DerivativeOf,
    Fraction,
    Indices,
    Layout,
    Letter,
    Number,
    Product,
    Scripts,
    Term,
    Terms,
    Total,
    bracket,
    ends_open,
)
from .notation import Notation, entry_layout, index_layout, read_index, read_name, size_layout

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Typesetter:
    """Sets the expressions of one model."""

    def __init__(self, notation: Notation) -> None:
        self.notation = notation
        self._set: dict[sympy.Expr, Layout] = {}

    def layout(self, expression: sympy.Expr) -> Layout:
        """The expression as a formula."""
        if expression not in self._set:
            self._set[expression] = self._layout(expression)
        return self._set[expression]

    @staticmethod
    def array(name: str) -> Layout:
        """An array as a whole, without indices."""
        name_parts = read_name(name)
        return Scripts(name_parts.letter, layer=name_parts.layer) if name_parts.layer else name_parts.letter

    def _layout(self, expression: sympy.Expr) -> Layout:
        for kind, method in _SETTERS.items():
            if isinstance(expression, kind):
                return method(self, expression)
        return size_layout(str(expression))

    def _adjoint(self, expression: Adjoint) -> Layout:
        return Derivative(read_name(self.notation.loss).letter, entry_layout(expression))

    @staticmethod
    def _delta(expression: Delta) -> Layout:
        return Scripts(Letter("δ"), Indices(tuple(read_index(index) for index in expression.args)))

    @staticmethod
    def _shift(expression: Shift) -> Layout:
        total = IndexSum(*expression.parts)
        return Scripts(Letter("δ"), Indices((read_index(expression.place), index_layout(total))))

    def _function(self, expression: Elementary) -> Layout:
        return function_layout(expression, self.layout)

    # Sums -------------------------------------------------------------------------------------------------------------

    def _terms(self, expression: sympy.Expr) -> Layout:
        # What a constant weighs comes last, such as a penalty; but not where constants weigh all terms.
        weighted = [term for term in expression.args if self._names_constant(term)]
        last = weighted if len(weighted) < len(expression.args) else []
        terms = sorted(expression.args, key=lambda term: (is_negative(term), term in last, *_term_key(term)))
        return Terms(tuple(Term(is_negative(term), self._product(term)) for term in terms))

    def _names_constant(self, term: sympy.Expr) -> bool:
        return any(isinstance(entry, Entry) and self.notation.is_constant(entry.name) for entry in term.atoms(Entry))

    def _total(self, expression: SumOver) -> Layout:
        if expression.has(Shift):
            expression = _with_sums_in_place(expression)
            if not isinstance(expression, SumOver):
                return self.layout(expression)
        body = self._signed(expression.body)
        if isinstance(body, Terms):
            body = bracket(body)
        for index in reversed(expression.indices):
            body = Total(read_index(index), size_layout(index.size.name), body)
        return body

    # Products ---------------------------------------------------------------------------------------------------------

    def _signed(self, expression: sympy.Expr) -> Layout:
        """A product with its minus, if it has one."""
        if isinstance(expression, sympy.Add):
            return self._terms(expression)
        body = self._product(expression)
        return Terms((Term(True, body),)) if is_negative(expression) else body

    def _product(self, expression: sympy.Expr) -> Layout:
        """A product without its sign."""
        if not isinstance(expression, (sympy.Mul, sympy.Rational, sympy.Pow)):
            return self.layout(expression)
        front_above, front_below = self._front(expression)
        above, below = split_fraction([f for f in factors_of(expression) if not self._is_front(f)])
        derivatives = [self.layout(f) for f in self._in_order(above) if _is_derivative(f)]
        rest = [f for f in self._in_order(above) if not _is_derivative(f)]
        divisors = list(map(self._factor, self._in_order(below)))
        if divisors and not rest:
            return _join([*derivatives, Fraction(_join(front_above), _join([*front_below, *divisors]))])
        if rest and not front_above and _is_decimal(front_below):
            front_below, divisors = [], [*front_below, *divisors]
        body = self._factors(rest)
        if divisors:
            lower = self._joined(self._in_order(below)) if len(divisors) == len(below) else _join(divisors)
            body = [Fraction(self._joined(rest), lower)]
        return _join([*_front_layout(front_above, front_below, alone=not (derivatives or body)), *derivatives, *body])

    def _front(self, expression: sympy.Expr) -> tuple[list[Layout], list[Layout]]:
        """Numbers, sizes and constants, above and below the line."""
        number = abs(expression.as_coeff_Mul()[0])
        above, below = split_fraction([f for f in factors_of(expression) if not f.is_Rational and self._is_front(f)])
        number_above, number_below = _number(number)
        return (
            [*number_above, *(self.layout(factor) for factor in self._in_order(above))],
            [*number_below, *(self.layout(factor) for factor in self._in_order(below))],
        )

    def _is_front(self, factor: sympy.Expr) -> bool:
        base = factor.base if isinstance(factor, sympy.Pow) else factor
        if isinstance(base, Entry) and not isinstance(base, Adjoint):
            return self.notation.is_constant(base.name)
        return bool(base.is_Rational) or (isinstance(base, sympy.Symbol) and not isinstance(base, Index))

    def _joined(self, factors: Sequence[sympy.Expr]) -> Layout:
        """Factors that stand alone above or below a line: one sum of terms needs no brackets there."""
        return self.layout(factors[0]) if len(factors) == 1 else _join(self._factors(factors))

    def _factors(self, factors: Sequence[sympy.Expr]) -> list[Layout]:
        last = len(factors) - 1
        return [self._factor(factor, is_last=place == last) for place, factor in enumerate(factors)]

    def _factor(self, factor: sympy.Expr, *, is_last: bool = False) -> Layout:
        layout = self.layout(factor)
        return bracket(layout) if isinstance(layout, Terms) or (ends_open(layout) and not is_last) else layout

    def _in_order(self, factors: Sequence[sympy.Expr]) -> list[sympy.Expr]:
        brackets = [factor for factor in factors if isinstance(_base(factor), sympy.Add)]
        ordered = sorted(factors, key=lambda factor: self._factor_key(factor, brackets))
        return _follow_indices(ordered)

    def _factor_key(self, factor: sympy.Expr, brackets: list[sympy.Expr]) -> tuple[object, ...]:
        base = _base(factor)
        position = self.notation.position(base.name) if isinstance(base, Entry) else (0, 0)
        return _factor_rank(base, brackets), position, size_of_tree(factor), spelled(factor)

    # Powers and derivatives -------------------------------------------------------------------------------------------

    def _power(self, expression: sympy.Pow) -> Layout:
        if expression.exp.is_negative:
            return self._signed(expression)
        base, power = self.layout(expression.base), self.layout(expression.exp)
        if isinstance(base, Scripts) and not base.layer and base.power is None:
            return Scripts(base.base, base.indices, power=power)
        closed = isinstance(base, (Letter, Number)) or is_closed(base)
        return Scripts(base if closed else bracket(base), power=power)

    def _partial(self, expression: Partial) -> Layout:
        target = entry_layout(expression.target)
        if not isinstance(expression.of, Entry):
            return DerivativeOf(target, self.layout(expression.of))
        held = self.notation.held(expression.of.name, expression.target.name)
        return Derivative(entry_layout(expression.of), target, tuple(read_name(name).letter for name in held))


_SETTERS: dict[type, Callable[[Typesetter, Any], Layout]] = {
    Index: lambda _, index: read_index(index),
    Adjoint: Typesetter._adjoint,
    Entry: lambda _, entry: entry_layout(entry),
    Delta: lambda _, delta: Typesetter._delta(delta),
    Shift: lambda _, shift: Typesetter._shift(shift),
    Partial: Typesetter._partial,
    SumOver: Typesetter._total,
    sympy.Add: Typesetter._terms,
    sympy.Mul: Typesetter._signed,
    sympy.Rational: Typesetter._signed,
    sympy.Pow: Typesetter._power,
    Elementary: Typesetter._function,
}
"""How each kind of expression is set; an adjoint is an entry too, so it stands before."""


def _with_sums_in_place(total: SumOver) -> sympy.Expr:
    """The sum over u of x[u] Shift(u, h, a) as x[h + a], where nothing else has that index."""
    factors, bound = list(sympy.Mul.make_args(total.body)), list(total.indices)
    for shift in [factor for factor in factors if isinstance(factor, Shift)]:
        users = [f for f in factors if f is not shift and shift.place in free_indices(f)]
        if shift.place in bound and len(users) == 1 and type(users[0]) in {Entry, Adjoint}:
            bound.remove(shift.place)
            factors.remove(shift)
            factors[factors.index(users[0])] = users[0].xreplace({shift.place: IndexSum(*shift.parts)})
    return SumOver(sympy.Mul(*factors), *bound)


def is_negative(expression: sympy.Expr) -> bool:
    """Does it begin with a minus?"""
    return bool(expression.as_coeff_Mul()[0].is_negative)


def _term_key(term: sympy.Expr) -> tuple[object, ...]:
    """Numbers, then formulas, then single entries such as a bias, then a derivative with the rest held fixed."""
    rank = 0 if term.is_Rational else 3 if isinstance(term, Partial) else 2 if type(term) is Entry else 1
    return rank, size_of_tree(term), spelled(term)


@lru_cache(maxsize=50_000)
def spelled(expression: sympy.Basic) -> str:
    """A text that differs for different expressions: what decides the order of terms that are otherwise equal."""
    if not expression.args:
        return str(expression.name if isinstance(expression, sympy.Symbol) else expression)
    return f"{type(expression).__name__}({','.join(map(spelled, expression.args))})"


def factors_of(expression: sympy.Expr) -> tuple[sympy.Expr, ...]:
    """The factors of a product; anything else is its own only factor."""
    return tuple(sympy.Mul.make_args(expression))


def split_fraction(factors: Sequence[sympy.Expr]) -> tuple[list[sympy.Expr], list[sympy.Expr]]:
    """Factors above the line and, their powers made positive, below it."""
    above, below = [], []
    for factor in factors:
        if isinstance(factor, sympy.Pow) and factor.exp.is_negative:
            below.append(factor.base ** (-factor.exp))
        else:
            above.append(factor)
    return above, below


def _base(factor: sympy.Expr) -> sympy.Expr:
    return factor.base if isinstance(factor, sympy.Pow) else factor


def _is_derivative(factor: sympy.Expr) -> bool:
    return isinstance(factor, (Adjoint, Partial))


def _factor_rank(base: sympy.Expr, brackets: list[sympy.Expr]) -> int:
    if isinstance(base, sympy.Add):
        return 4
    if isinstance(base, (SumOver, exp)):
        return 8 if isinstance(base, SumOver) else 7
    if isinstance(base, Adjoint):
        return 0
    if isinstance(base, (Partial, Delta, Shift)):
        return 1 if isinstance(base, Partial) else 2
    if any(named_arrays(base) & named_arrays(other) and not base.has(SumOver) for other in brackets):
        return 3
    return 5 if isinstance(base, Entry) else 6


def _follow_indices(factors: list[sympy.Expr]) -> list[sympy.Expr]:
    """Entries of two matrices in the order of a matrix product: x[i, j] W[j, h]."""
    ordered = list(factors)
    for place in range(len(ordered) - 1):
        first, second = ordered[place : place + 2]
        if _is_matrix_entry(first) and _is_matrix_entry(second) and _follows(first, second):
            ordered[place : place + 2] = [second, first]
    return ordered


def _follows(first: Entry, second: Entry) -> bool:
    """Does the second end with the index that the first begins with, and not the other way round?"""
    return first.indices[0] == second.indices[-1] and first.indices[-1] != second.indices[0]


def _is_matrix_entry(factor: sympy.Expr) -> bool:
    return type(factor) is Entry and len(factor.indices) == 2


def _join(factors: Sequence[Layout]) -> Layout:
    if not factors:
        return Number("1")
    flat = [inner for factor in factors for inner in (factor.factors if isinstance(factor, Product) else (factor,))]
    return flat[0] if len(flat) == 1 else Product(tuple(flat))


def _front_layout(above: list[Layout], below: list[Layout], *, alone: bool) -> list[Layout]:
    if below:
        return [Fraction(_join(above), _join(below))]
    return [Number("1")] if alone and not above else above


# Numbers --------------------------------------------------------------------------------------------------------------


def _number(number: sympy.Rational) -> tuple[list[Layout], list[Layout]]:
    """A positive number above and below the line; 1 is left out."""
    typed = decimal(number)
    if typed:
        return [Number(typed)], []
    divisor = decimal(1 / number)
    if divisor:
        return [], [Number(divisor)]
    above: list[Layout] = [Number(str(number.p))] if number.p != 1 else []
    below: list[Layout] = [Number(str(number.q))] if number.q != 1 else []
    return above, below


def _is_decimal(factors: Sequence[Layout]) -> bool:
    return len(factors) == 1 and isinstance(factors[0], Number) and "." in factors[0].text


def decimal(number: sympy.Rational) -> str | None:
    """The digits of a number that someone typed with a decimal point, such as 1.7159; None for 2, 1/2 and 2/3."""
    if number.q % 10 or 10**12 % number.q:
        return None
    return str(Decimal(int(number.p)) / Decimal(int(number.q)))
