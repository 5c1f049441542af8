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

from .constructors import ways
from .model_classes import forward_of

DERIVATIVE = re.compile(r"back|bprop|grad|prime|deriv|jacob|delta|^_*d_?softmax", re.IGNORECASE)
NO_SOFTMAX = re.compile(r"loss|cost|entropy|log|regression|predict|classif|train|test|check", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Softmax:
    """A softmax whose derivative the loss behind it has to take in.

    Attributes:
        name: as it is told: "SoftMax.forward", "softmax".
        made: the expression that makes the layer; "" of a plain function.
        back: the layer's method that hands gradients back; "" where there is none.
    """

    name: str
    made: str = ""
    back: str = ""

    @property
    def setup(self) -> str:
        """Source of `_predicted`, of the inputs, and of `_handed_back`, of a loss's gradient."""
        forward = f"_softmax.{self.name.rpartition('.')[2]}" if self.made else self.name
        back = f"_softmax.{self.back}(_u)" if self.back else "_u"
        return f"""\
_softmax = {self.made or None}
def _predicted(_v, _axis):
    return _O.probabilities({forward}, _v['z'], _axis)
def _handed_back(_u):
    return {back}
"""


def hands_back(method: Function, one: Class) -> bool:
    """Does a method return the upstream gradient as it is, in a class whose forward is a softmax?"""
    forward = forward_of(one)
    return (
        forward is not None
        and DERIVATIVE.search(method.name) is not None
        and method.required == (method.returned_parameter,)
        and _looks_like_a_softmax(forward)
    )


def softmaxes(facts: Facts) -> list[Softmax]:
    """The softmax layers of a file that hand gradients back as they are; else its softmaxes without any derivative."""
    layers = [
        layer
        for one in facts.classes.values()
        for method in one.methods.values()
        if hands_back(method, one) and (layer := _layer(one, facts, method.name)) is not None
    ]
    return layers or list(_without_derivative(facts))


def _layer(one: Class, facts: Facts, back: str) -> Softmax | None:
    """A layer that needs neither sizes nor options; None of another one."""
    forward, made = forward_of(one), next(ways(one, facts), None)
    if forward is None or made is None or made.options or "_n[" in made.text:
        return None
    return Softmax(f"{one.name}.{forward.name}", made.text, back)


def _without_derivative(facts: Facts) -> Iterator[Softmax]:
    """The functions that are a softmax, of a file without any derivative of one."""
    named = [*facts.functions.values()]
    for one in facts.classes.values():
        is_layer = "softmax" in one.name.lower() and forward_of(one) is not None
        named += [method for method in one.methods.values() if is_layer or "softmax" in method.name.lower()]
    of_softmax = [
        f for f in named if "softmax" in f.full_name.lower() and f.returned_parameter is None and not f.is_unfinished
    ]
    if any(DERIVATIVE.search(function.name) for function in of_softmax):
        return
    for function in facts.functions.values():
        is_named = "softmax" in function.name.lower() and not NO_SOFTMAX.search(function.name)
        if is_named and len(function.required) == 1 and _looks_like_a_softmax(function):
            yield Softmax(function.name)


def _looks_like_a_softmax(function: Function) -> bool:
    """Does it compute exponentials over their sum, or call what is named so?"""
    text = ast.unparse(function.node)
    is_written_out = "exp(" in text and "sum" in text and "/" in text
    return is_written_out or any("softmax" in name.lower() for name in function.calls)
