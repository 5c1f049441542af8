"""Epsilons inside logarithms: the slope of ln(p + 1e-7) is 1 / (p + 1e-7), and a right gradient has 1 / p."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from textwrap import dedent, indent

from .facts import Facts, Function
from .units import Reading

LARGEST = 1.001e-5  # as in checkers/student/epsilons.py
LOGARITHMS = frozenset(["log", "log2", "log10"])


def functions_with_epsilons(facts: Facts) -> tuple[str, ...]:
    """The names of the functions and methods that take a logarithm and hold a constant of at most 1e-5."""
    methods = [method for one in facts.classes.values() for method in one.methods.values()]
    found = [one.name for one in [*facts.functions.values(), *methods] if LOGARITHMS & one.calls and _holds_one(one)]
    return tuple(sorted(set(found)))


def _holds_one(function: Function) -> bool:
    return any(0 < number <= LARGEST for number in _numbers(function))


def _numbers(function: Function) -> Iterator[float]:
    """Its constants and defaults, 10 ** -7 among them."""
    for node in ast.walk(function.node):
        match node:
            case ast.Constant(value=float() as value):
                yield value
            case ast.BinOp(
                left=ast.Constant(value=int() | float() as base),
                op=ast.Pow(),
                right=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as power)),
            ) if base:
                yield float(base) ** -power


def with_smaller_epsilons(reading: Reading, names: tuple[str, ...]) -> Reading:
    """The same reading while the epsilons of some functions are far smaller, so that they change no slope."""

    def inside(body: str) -> str:
        lines = indent(dedent(body).strip("\n"), "    ")
        return f"from _gradcheck_student import epsilons as _E\nwith _E.smaller({names!r}):\n{lines}"

    told = f"the gradient is that without the epsilon in the logarithm of {' or '.join(names)}, which was made smaller"
    return replace(
        reading, value=inside(reading.value), gradient=inside(reading.gradient), assumed=(*reading.assumed, told)
    )
