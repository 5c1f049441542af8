"""How each elementary function is written: e to a power, ln, max(0, u), bars, 1[u > 0]."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import sympy

from . import functions
from .expressions import Entry, SumOver
from .layout import (
    Bracketed,
    Call,
    Exponential,
    Fence,
    Fraction,
    Indicator,
    Layout,
    Letter,
    Number,
    Product,
    Root,
    Scripts,
    Term,
    Terms,
    bracket,
)

if TYPE_CHECKING:
    from .functions import Elementary

SetLayout = Callable[[sympy.Expr], Layout]


def function_layout(expression: Elementary, layout: SetLayout) -> Layout:
    """An elementary function of its argument."""
    special = _SPECIAL.get(type(expression))
    if special:
        return special(expression.args[0], layout)
    name = _NAMES.get(type(expression), type(expression).__name__)
    return Call(Letter(name), (layout(expression.args[0]),))


def is_closed(base: Layout) -> bool:
    """May a power follow without brackets, as in tanh(u)^2 and |u|^2?"""
    return isinstance(base, Bracketed) or (isinstance(base, Call) and not base.bare)


def _exponential(argument: sympy.Expr, layout: SetLayout) -> Layout:
    return Exponential(layout(argument))


def _root(argument: sympy.Expr, layout: SetLayout) -> Layout:
    return Root(layout(argument))


def _ln(argument: sympy.Expr, layout: SetLayout) -> Layout:
    """Ln of one entry or one sum stands without brackets."""
    return Call(Letter("ln"), (layout(argument),), bare=isinstance(argument, (Entry, SumOver)))


def _relu(argument: sympy.Expr, layout: SetLayout) -> Layout:
    """relu(z) for one quantity; max(0, 1 - y z) for a formula."""
    if isinstance(argument, (Entry, sympy.Symbol)):
        return Call(Letter("relu"), (layout(argument),))
    return Call(Letter("max"), (Number("0"), layout(argument)))


def _absolute(argument: sympy.Expr, layout: SetLayout) -> Layout:
    return Bracketed(layout(argument), Fence.BAR)


def _softplus(argument: sympy.Expr, layout: SetLayout) -> Layout:
    one, other = Number("1"), Exponential(layout(argument))
    return Call(Letter("ln"), (Terms((Term(negative=False, body=one), Term(negative=False, body=other))),))


def _logcosh(argument: sympy.Expr, layout: SetLayout) -> Layout:
    return Call(Letter("ln"), (Call(Letter("cosh"), (layout(argument),)),), bare=True)


def _improved_sigmoid(argument: sympy.Expr, layout: SetLayout) -> Layout:
    scale = Number(str(float(functions.IMPROVED_SCALE)))
    slope = Fraction(Number(str(functions.IMPROVED_SLOPE.p)), Number(str(functions.IMPROVED_SLOPE.q)))
    inner = layout(argument)
    inner = inner if isinstance(inner, (Letter, Scripts)) else bracket(inner)
    return Product((scale, Call(Letter("tanh"), (Product((slope, inner)),))))


def _indicator(argument: sympy.Expr, layout: SetLayout) -> Layout:
    """1[u > 0]; where a number is one of the terms, it gets a side of its own: 1[|u| < 1]."""
    number, rest = argument.as_coeff_Add()
    if number == 0:
        return Indicator(layout(argument), ">", Number("0"))
    terms = sympy.Add.make_args(rest)
    if number.is_positive and all(term.could_extract_minus_sign() for term in terms):
        return Indicator(layout(sympy.Add(*(-term for term in terms))), "<", layout(number))
    if number.is_negative:
        return Indicator(layout(rest), ">", layout(-number))
    return Indicator(layout(argument), ">", Number("0"))


_NAMES: dict[type[Elementary], str] = {functions.sigmoid: "σ"}
_SPECIAL: dict[type[Elementary], Callable[[sympy.Expr, SetLayout], Layout]] = {
    functions.exp: _exponential,
    functions.log: _ln,
    functions.sqrt: _root,
    functions.relu: _relu,
    functions.absolute: _absolute,
    functions.step: _indicator,
    functions.softplus: _softplus,
    functions.logcosh: _logcosh,
    functions.improved_sigmoid: _improved_sigmoid,
}
