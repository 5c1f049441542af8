"""Definitions that are not written as name = term, brought into that form: ln p = ..., sigma^2 = ..., R_nn = ..."""

from __future__ import annotations

from dataclasses import replace

from ..evaluation.functions import known_function
from ..evaluation.known_functions import named_openly
from ..terms import Call, Condition, Dots, Indicator, Name, Number, Power, Product, Term, Times

_EXP = Name("exp", font="text")


def solved(left: Term, right: Term, *, diagonal: bool) -> tuple[Term, Term] | None:
    """The sides of the definition that an equality is, solved for what it defines; None where it is none.

    Args:
        diagonal: the document speaks of diagonal matrices, so that R_nn = ... says all of R.
    """
    if isinstance(left, Call) and left.function.base in {"log", "ln"} and isinstance(left.arguments[0], Call):
        inside = left.arguments[0]
        return None if known_function(inside.function.base) else (inside, Call(_EXP, (right,), span=right.span))
    if isinstance(left, Call) and isinstance(right, Call) and _names_derivative(left, right):
        return right, left
    if not isinstance(left, Name):
        return None
    if isinstance(right, Call) and right.function.base == "diag" and any(isinstance(a, Dots) for a in right.arguments):
        first = right.arguments[0]
        # C = diag(c_1, ..., c_n)
        return (left, replace(right, arguments=(replace(first, sub=()),))) if isinstance(first, Name) else None
    if left.sup and left.sup[-1].body == Number(2.0, "2") and not isinstance(right, Number):
        return replace(left, sup=left.sup[:-1]), Power(right, Number(0.5, "1/2"), span=right.span)
    if diagonal and len(left.sub) == 2 and left.sub[0] == left.sub[1] and isinstance(left.sub[0], Name):
        row, column = left.sub[0], replace(left.sub[0], base=left.sub[0].base + "'")
        on_diagonal = Indicator(Condition(row, "=", column))
        return replace(left, sub=(row, column)), Product((on_diagonal, right), (Times.JUXTAPOSED,), span=right.span)
    return None


def _names_derivative(left: Call, right: Call) -> bool:
    """F'(x) = f(x), where f is open: it is the derivative of F."""
    is_plain = not right.function.primes and named_openly(right.function)
    same = left.arguments == right.arguments and all(isinstance(argument, Name) for argument in left.arguments)
    return left.function.primes > 0 and is_plain and same and left.function.base != right.function.base


def has_dots(term: Term | None) -> bool:
    """Is something left to the reader, other than among a function's arguments?"""
    if term is None or isinstance(term, Call):
        return False
    return isinstance(term, Dots) or any(has_dots(part) for part in term.children)
