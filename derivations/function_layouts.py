"""How each elementary function is written: e to a power, ln, max(0, u), bars, 1[u > 0]."""

from __future__ import annotations

from collections.abc import Callable

import sympy

from . import functions
from .expressions import Entry, SumOver
from .functions import Elementary
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
    Scripts,
    Term,
    Terms,
    bracket,
)

SetLayout = Callable[[sympy.Expr], Layout]

_NAMES: dict[type[Elementary], str] = {functions.sigmoid: "σ", functions.clip: "clip", functions.huber: "huber"}


def function_layout(expression: Elementary, layout: SetLayout) -> Layout:
    """An elementary function of its argument."""
    argument = expression.args[0]
    match expression:
        case functions.exp():
            return Exponential(layout(argument))
        case functions.log():
            return _ln(argument, layout)
        case functions.relu() if not isinstance(argument, Entry):
            return Call(Letter("max"), (Number("0"), layout(argument)))
        case functions.absolute():
            return Bracketed(layout(argument), Fence.BAR)
        case functions.step():
            return _indicator(argument, layout)
        case functions.softplus():
            one = Term(negative=False, body=Number("1"))
            return Call(Letter("ln"), (Terms((one, Term(negative=False, body=Exponential(layout(argument))))),))
        case functions.logcosh():
            return Call(Letter("ln"), (Call(Letter("cosh"), (layout(argument),)),), bare=True)
        case functions.improved_sigmoid():
            return _improved_sigmoid(layout(argument))
    name = _NAMES.get(type(expression), type(expression).__name__)
    return Call(Letter(name), (layout(argument),))


def is_closed(base: Layout) -> bool:
    """May a power follow without brackets, as in tanh(u)^2 and |u|^2?"""
    return isinstance(base, Bracketed) or (isinstance(base, Call) and not base.bare)


def _ln(argument: sympy.Expr, layout: SetLayout) -> Layout:
    """Ln of one entry or one sum stands without brackets."""
    return Call(Letter("ln"), (layout(argument),), bare=isinstance(argument, (Entry, SumOver)))


def _improved_sigmoid(argument: Layout) -> Layout:
    scale = Number(str(float(functions.IMPROVED_SCALE)))
    slope = Fraction(Number(str(functions.IMPROVED_SLOPE.p)), Number(str(functions.IMPROVED_SLOPE.q)))
    inner = argument if isinstance(argument, (Letter, Scripts)) else bracket(argument)
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
