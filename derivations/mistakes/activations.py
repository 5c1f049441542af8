"""Activations: the derivative left out, taken elsewhere, or itself wrong; another activation on the way forward."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy

from ..calculus import differentiate
from ..expressions import Entry, SumOver, rename
from ..functions import (
    IMPROVED_SCALE,
    IMPROVED_SLOPE,
    Elementary,
    absolute,
    exp,
    improved_sigmoid,
    relu,
    sigmoid,
    step,
    tanh,
)
from ..model import Definition, Model
from ..program import Assignment
from .site import Mistake, Site, terms

HALF = sympy.Rational(1, 2)
LEAK = sympy.Rational(1, 100)  # what a leaky relu lets through, nearly everywhere it is described


@dataclass(frozen=True, slots=True)
class _Slip:
    """A wrong formula for an activation or its derivative."""

    code: str
    message: str
    value: sympy.Expr
    prior: float = 2


@dataclass(frozen=True, slots=True)
class _Place:
    """An activation in a model, seen from the step that gives the derivative with respect to its argument."""

    definition: Definition
    kind: type[Elementary]
    argument: Entry
    result: Entry
    right: sympy.Expr
    """The derivative, at the argument."""
    above: sympy.Expr
    """What the derivative is multiplied by."""


def _place(site: Site, definition: Definition, inner: str) -> _Place | None:
    if site.name != f"dJ/d{inner}":
        return None
    names = dict(zip(_entry_of(definition.value).indices, site.assignment.indices, strict=True))
    value = rename(definition.value, names)
    argument, result = _entry_of(value), rename(definition.entry, names)
    right = differentiate(value, argument)
    above = sympy.cancel(site.value / right.xreplace({value: result}))
    if above.has(*(type(f) for f in right.atoms(Elementary))) or above == site.value:
        return None
    return _Place(definition, type(value), argument, result, right, above)


def activation(site: Site) -> Iterator[Mistake]:
    """The derivative of an activation left out, taken elsewhere, or itself wrong."""
    for definition, inner in activations_of(site.model):
        place = _place(site, definition, inner)
        if place is None:
            continue
        above, value = place.above, place.kind(place.argument)
        yield site.mistake(
            "activation-missing",
            5,
            f"The derivative of the activation {definition.name} is missing.",
            f"Between {definition.name} and {inner} lies the activation: the chain rule needs its derivative.",
            above,
        )
        hint = "Is your derivative written for the pre-activation or for the activation? Give it what it expects."
        by_result = place.right.xreplace({value: place.result})
        elsewhere = [
            (f"at {definition.name}, not at {inner}", place.right.xreplace({place.argument: place.result})),
            (
                f"at {inner}, though it is written for {definition.name}",
                by_result.xreplace({place.result: place.argument}),
            ),
            (f"at the gradient that comes from above, not at {inner}", place.right.xreplace({place.argument: above})),
        ]
        for where, wrong in elsewhere:
            yield site.mistake(
                "activation-argument", 4, f"The activation's derivative is taken {where}.", hint, above * wrong
            )
        inside = next((d.value for d in site.model.definitions if d.name == inner), sympy.S.Zero)
        for term, rest in terms(inside):
            if isinstance(term, Entry) and rest.has(SumOver):
                bare = f"{inner}_bare"
                short = Entry(sympy.Symbol(bare), *place.argument.indices)
                mistake = site.mistake(
                    "activation-argument",
                    2,
                    f"The activation's derivative is taken at {inner} without {term.name}.",
                    f"The derivative belongs to {inner} as it was on the way forward, {term.name} included.",
                    above * place.right.xreplace({place.argument: short}),
                )
                mistake.changed[bare] = Assignment(bare, site.model.definition(inner).indices, rest)
                yield mistake
        rule = f"Derive the activation once more: {place.kind.rule}."
        for slip in _wrong_derivatives(place):
            yield site.mistake(slip.code, slip.prior, slip.message, rule, slip.value)


def _wrong_derivatives(place: _Place) -> Iterator[_Slip]:
    """What students write for the gradient through an activation; a is its value at z."""
    one, z, a, above = sympy.S.One, place.argument, place.result, place.above
    wrong = "The derivative of the activation is itself wrong."
    plain: dict[type[Elementary], list[sympy.Expr]] = {
        relu: [one - step(z), z, a, relu(-z), a * (1 - a), 1 - a**2, step(z - 1), step(z) - step(-z)],
        sigmoid: [a, 1 - a, 1 - a**2, a * (1 + a), step(z), a * (1 - a**2), exp(-z), 1 / (1 + exp(-z) ** 2)],
        tanh: [1 + a**2, a * (1 - a), a**2, step(z), a, (1 - a) * (1 + a) ** 2],
    }  # fmt: skip
    A, B, t = IMPROVED_SCALE, IMPROVED_SLOPE, tanh(IMPROVED_SLOPE * z)
    plain[improved_sigmoid] = [
        A - a**2 / A,
        A * B * (1 - a**2),
        1 - a**2,
        B * (1 - a**2),
        A * (1 - a**2),
        A * B * (1 - tanh(z) ** 2),
        A * (1 - tanh(z) ** 2),
        1 - tanh(z) ** 2,
        A * B * (1 + t**2),
        A * B * t**2,
        a * (1 - a),
        B * (A - a**2),
        B * (1 - a**2 / A),
    ]
    for expression in plain.get(place.kind, []):
        yield _Slip("activation-derivative", wrong, above * expression, 3)
    if place.kind is relu:
        yield _Slip(
            "activation-derivative",
            "The slope is that of a leaky relu.",
            above * (step(z) + LEAK * (1 - step(z))),
        )
        yield _Slip("wrong-operand", "The gradient itself goes through relu.", relu(above))
        for mask in (step(above * z), step(above * a)):
            yield _Slip("precedence", "The comparison comes last: the whole product is held against 0.", mask)
    squares: dict[type[Elementary], list[sympy.Expr]] = {
        sigmoid: [a**2, a * (1 - a) ** 2, a**2 * (1 - a), (a * (1 - a)) ** 2, exp(-z) * a],
        tanh: [1 - a, (1 - a) ** 2, (1 - a**2) ** 2, sympy.sqrt(1 - a**2)],
        improved_sigmoid: [A * B * (1 - t), A * B * (1 - t) ** 2, B * (A - a / A), A * B * sympy.sqrt(1 - t**2)],
    }
    for expression in squares.get(place.kind, []):
        yield _Slip(
            "activation-derivative", f"{wrong} A square is missing, or there is one too many.", above * expression, 3
        )
    brackets: dict[type[Elementary], list[sympy.Expr]] = {
        sigmoid: [above * a - a, above * exp(-z) / (1 + exp(-z) ** 2), above * exp(-z) / 1 + exp(-z) ** 2],
        tanh: [above - a**2],
        improved_sigmoid: [above * A * B - t**2, above * A * B - a**2, above * A - t**2, above * B * A - a**2 / A],
    }
    for expression in brackets.get(place.kind, []):
        yield _Slip("precedence", "The brackets of the activation's derivative are missing.", expression)
    if place.kind is improved_sigmoid:
        for constant in MISTYPED:
            exact = constant * B * (1 - t**2)
            yield _Slip(
                "factor", f"The constant 1.7159 is mistyped as {float(constant):g} in the derivative.", above * exact
            )
            yield _Slip(
                "factor",
                f"The constant 1.7159 is mistyped as {float(constant):g} in the derivative.",
                above * B * (constant - a**2 / constant),
                1,
            )
        for slope in SLOPES:
            yield _Slip(
                "factor",
                f"The constant 2/3 is mistyped as {slope} in the derivative.",
                above * A * slope * (1 - tanh(slope * z) ** 2),
            )


# How 1.7159 and 2/3 come out when they are typed from memory.
MISTYPED = tuple(sympy.Rational(number, 10000) for number in (17259, 17195, 17519, 17150, 17160, 17000, 17119, 11759))
SLOPES = (sympy.Rational(3, 2), sympy.Rational(1, 3), HALF, sympy.Rational(3, 4))


# On the way forward ---------------------------------------------------------------------------------------------------


def wrong_activation(site: Site) -> Iterator[Mistake]:
    """Another function on the way forward; the derivative as it was, of what should be, or of the wrong one."""
    for definition, inner in activations_of(site.model):
        if site.name != definition.name:
            continue
        argument = _entry_of(definition.value)
        backward = next((a for a in site.program.assignments if a.name == f"dJ/d{inner}"), None)
        place = _place(Site(site.program, backward), definition, inner) if backward else None
        for slip in _wrong_functions(type(definition.value), argument):
            hint = f"Write the activation once more on paper, with all its brackets: what is it where {inner} is 0?"
            mistake = site.mistake(slip.code, slip.prior, slip.message, hint, slip.value)
            yield mistake
            if place is not None and backward is not None:
                names = dict(zip(argument.indices, place.argument.indices, strict=True))
                derived = differentiate(rename(slip.value, names), place.argument)
                for derivative in dict.fromkeys((place.right, derived)):
                    step_back = Assignment(backward.name, backward.indices, place.above * derivative)
                    yield Mistake(mistake.changed | {backward.name: step_back}, mistake.variant)


def _wrong_functions(kind: type[Elementary], z: Entry) -> Iterator[_Slip]:
    names: dict[type[Elementary], str] = {
        relu: "relu",
        sigmoid: "sigmoid",
        tanh: "tanh",
        improved_sigmoid: "1.7159 tanh",
    }
    if kind not in names:
        return
    for other, name in names.items():
        if other is not kind:
            yield _Slip("wrong-activation", f"The activation is {name}, where it should be {names[kind]}.", other(z))
    yield _Slip("activation-missing", "The activation is missing on the way forward.", z)
    brackets, sign = "The brackets of the activation are missing.", "The exponent has the wrong sign."
    e, inverse = exp(z), exp(-z)
    A, B = IMPROVED_SCALE, IMPROVED_SLOPE
    wrong: dict[type[Elementary], list[tuple[str, str, sympy.Expr]]] = {
        relu: [
            ("wrong-activation", "The activation is a leaky relu.", relu(z) - LEAK * relu(-z)),
            ("wrong-activation", "The smaller of z and 0 is taken, not the larger.", -relu(-z)),
            ("wrong-activation", "The activation is the absolute value.", absolute(z)),
            ("wrong-activation", "The activation is 0 or 1, which is relu's slope.", step(z)),
            ("wrong-activation", "The wrong part of z is set to 0.", z - relu(z)),
        ],
        sigmoid: [
            ("precedence", brackets, 1 + inverse),
            ("precedence", brackets, 1 + e),
            ("term-sign", sign, 1 / (1 + e)),
            ("term-sign", "One of the terms of the sigmoid has the wrong sign.", 1 / (1 - inverse)),
            ("term-missing", "The 1 under the line is missing.", 1 / inverse),
            ("precedence", brackets, e / 1 + e),
            ("precedence", brackets, e / e + 1),
            ("wrong-activation", "The derivative stands where the sigmoid belongs.", sigmoid(z) * (1 - sigmoid(z))),
            ("wrong-activation", "The sigmoid is applied twice.", sigmoid(sigmoid(z))),
        ],
        tanh: [
            ("precedence", brackets, e - inverse / e + inverse),
            ("precedence", brackets, e - inverse / (e + inverse)),
            ("precedence", brackets, (e - inverse) / e + inverse),
            ("wrong-power", "Numerator and denominator are exchanged.", 1 / tanh(z)),
            ("factor", "The factor 1/2 or 2 in the exponents is missing.", tanh(z / 2)),
            ("factor", "The factor 1/2 or 2 in the exponents is there twice.", tanh(2 * z)),
            ("term-sign", sign, tanh(-z)),
            ("wrong-activation", "The derivative of tanh stands where tanh belongs.", 1 - tanh(z) ** 2),
        ],
        improved_sigmoid: [
            ("factor", "The inner factor 2/3 is missing.", A * tanh(z)),
            ("factor", "The outer factor 1.7159 is missing.", tanh(B * z)),
            ("factor", "The factors 1.7159 and 2/3 are exchanged.", B * tanh(A * z)),
            ("precedence", "2/3 stands outside of tanh.", A * B * tanh(z)),
            *(
                ("factor", f"The constant 1.7159 is mistyped as {float(number):g}.", number * tanh(B * z))
                for number in MISTYPED
            ),
            *(("factor", f"The constant 2/3 is mistyped as {slope}.", A * tanh(slope * z)) for slope in SLOPES),
        ],
    }  # fmt: skip
    for code, message, value in wrong[kind]:
        yield _Slip(code, message, value)


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
