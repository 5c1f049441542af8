"""Activations: the derivative left out, taken elsewhere, or itself wrong."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ..calculus import differentiate
from ..expressions import Entry, rename
from ..functions import Elementary, improved_sigmoid, relu, sigmoid, step, tanh
from ..model import Definition, Model
from .site import Mistake, Site


def activation(site: Site) -> Iterator[Mistake]:
    """The derivative of an activation left out, taken elsewhere, or itself wrong."""
    for definition, inner in activations_of(site.model):
        if site.name != f"dJ/d{inner}":
            continue
        names = dict(zip(_entry_of(definition.value).indices, site.assignment.indices, strict=True))
        value = rename(definition.value, names)
        argument, result = _entry_of(value), rename(definition.entry, names)
        right = differentiate(value, argument)
        above = sympy.cancel(site.value / _in_terms_of(right, value, result))
        if above.has(*(type(f) for f in right.atoms(Elementary))) or above == site.value:
            continue
        yield site.mistake(
            "activation-missing",
            5,
            f"The derivative of the activation {definition.name} is missing.",
            f"Between {definition.name} and {inner} lies the activation: the chain rule needs its derivative.",
            above,
        )
        hint = "Is your derivative written for the pre-activation or for the activation? Give it what it expects."
        elsewhere = [
            (f"at {definition.name}, not at {inner}", right.xreplace({argument: result})),
            (
                f"at {inner}, though it is written for {definition.name}",
                _in_terms_of(right, value, result).xreplace({result: argument}),
            ),
            (f"at the gradient that comes from above, not at {inner}", right.xreplace({argument: above})),
        ]
        for where, wrong in elsewhere:
            yield site.mistake(
                "activation-argument", 4, f"The activation's derivative is taken {where}.", hint, above * wrong
            )
        for wrong in _wrong_derivatives(type(value), argument, result):
            yield site.mistake(
                "activation-derivative",
                3,
                "The derivative of the activation is itself wrong.",
                f"Derive the activation once more: {type(value).rule}.",
                above * wrong,
            )


def _wrong_derivatives(kind: type[Elementary], z: Entry, a: Entry) -> list[sympy.Expr]:
    """Derivatives that students write for an activation; a is its value at z."""
    one = sympy.S.One
    table: dict[type[Elementary], list[sympy.Expr]] = {
        relu: [one - step(z), z, a, relu(-z), a * (1 - a), 1 - a**2],
        sigmoid: [a, 1 - a, a**2, 1 - a**2, a * (1 + a), step(z), a * (1 - a) ** 2],
        tanh: [1 - a, 1 + a**2, a * (1 - a), a**2, step(z), (1 - a) ** 2],
    }
    A, B = sympy.Rational(17159, 10000), sympy.Rational(2, 3)
    table[improved_sigmoid] = [
        A - a**2 / A,
        A * B * (1 - a**2),
        1 - a**2,
        B * (1 - a**2),
        A * (1 - a**2),
        A * B * (1 - tanh(z) ** 2),
    ]
    return table.get(kind, [])


def activations_of(model: Model) -> list[tuple[Definition, str]]:
    """The nodes that are an elementary function of one entry of another array, with that array's name."""
    return [
        (definition, definition.value.args[0].name)
        for definition in model.definitions
        if isinstance(definition.value, Elementary) and isinstance(definition.value.args[0], Entry)
    ]


def _entry_of(value: sympy.Expr) -> Entry:
    entry: Entry = value.args[0]
    return entry


def _in_terms_of(derivative: sympy.Expr, value: sympy.Expr, result: Entry) -> sympy.Expr:
    return derivative.xreplace({value: result})
