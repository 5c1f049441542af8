"""A softmax that hands gradients back as they are: its derivative is taken together with that of the loss behind it.

Courses teach it so: the loss gives Ypred - Y, the gradient with respect to the softmax's input, and the softmax, as a
layer, returns what it is given. Neither is right by itself; as a pair they are.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from checkers.own_code.facts import Class, Facts, Function
from checkers.own_code.roles import plain

from .constructors import STEPS, ways
from .model_classes import BACKWARD, RATE, forward_of

DERIVATIVE = re.compile(r"back|bprop|grad|prime|deriv|jacob|delta|^_*d_?softmax", re.IGNORECASE)
NO_SOFTMAX = re.compile(r"loss|cost|entropy|log|regression|predict|classif|train|test|check", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Softmax:
    """A softmax whose derivative the loss behind it has to take in.

    Attributes:
        name: as it is told: "SoftMax.forward", "softmax".
        made: the expression that makes the layer; "" of a plain function.
        back: the call of its method that hands the gradient `_u` back; "" where there is none.
    """

    name: str
    made: str = ""
    back: str = ""

    @property
    def setup(self) -> str:
        """Source of `_predicted`, of the inputs, and of `_handed_back`, of a loss's gradient."""
        forward = f"_softmax.{self.name.rpartition('.')[2]}" if self.made else self.name
        return f"""\
_n = _O.sizes(_v)
_softmax = {self.made or None}
def _predicted(_v, _axis):
    return _O.probabilities({forward}, _v['z'], _axis)
def _handed_back(_u):
    return {f"_softmax.{self.back}" if self.back else "_u"}
"""


def hands_back(method: Function, one: Class) -> bool:
    """Does a method return the upstream gradient as it is, in a class whose forward is a softmax?"""
    forward = forward_of(one)
    others = [name for name in method.required if name != method.returned_parameter]
    return (
        forward is not None
        and BACKWARD.match(method.name.lower()) is not None
        and method.returned_parameter in method.required
        and all(plain(name) in STEPS for name in others)
        and _looks_like_a_softmax(forward)
    )


def layers_that_hand_back(facts: Facts) -> list[tuple[Class, Function]]:
    """The softmax layers of a file whose derivative the loss behind them takes in, each with its backward."""
    return [(one, m) for one in facts.classes.values() for m in one.methods.values() if hands_back(m, one)]


def softmaxes(facts: Facts) -> list[Softmax]:
    """The softmax layers of a file that hand gradients back as they are; else its softmaxes without any derivative."""
    handing = layers_that_hand_back(facts)
    layers = [layer for one, method in handing if (layer := _layer(one, facts, method)) is not None]
    return layers if handing else list(_without_derivative(facts))


def _layer(one: Class, facts: Facts, method: Function | None = None) -> Softmax | None:
    """A layer, with the method that hands gradients back; None of one that takes options."""
    forward, made = forward_of(one), next(ways(one, facts), None)
    if forward is None or made is None or made.options:
        return None
    back = ""
    if method is not None:
        given = ("_u" if name == method.returned_parameter else str(RATE) for name in method.required)
        back = f"{method.name}({', '.join(given)})"
    return Softmax(f"{one.name}.{forward.name}", made.text, back)


def _without_derivative(facts: Facts) -> Iterator[Softmax]:
    """The softmaxes of a file that holds no derivative of one: functions, and layers that only go forward."""
    layers = [one for one in facts.classes.values() if _is_named(one.name) and forward_of(one) is not None]
    methods = [method for one in facts.classes.values() for method in one.methods.values()]
    of_softmax = [method for one in layers for method in one.methods.values()]
    of_softmax += [f for f in (*facts.functions.values(), *methods) if "softmax" in f.name.lower()]
    if any(DERIVATIVE.search(f.name) and not f.is_unfinished for f in of_softmax):
        return
    for function in facts.functions.values():
        if _is_named(function.name) and len(function.required) == 1 and _looks_like_a_softmax(function):
            yield Softmax(function.name)
    for one in layers:
        if (layer := _layer(one, facts)) is not None:
            yield layer


def _is_named(name: str) -> bool:
    return "softmax" in name.lower() and not NO_SOFTMAX.search(name)


def _looks_like_a_softmax(function: Function) -> bool:
    """Does it compute exponentials over their sum, or call what is named so?"""
    text = ast.unparse(function.node)
    is_written_out = "exp(" in text and "sum" in text and "/" in text
    return is_written_out or any("softmax" in name.lower() for name in function.calls)
