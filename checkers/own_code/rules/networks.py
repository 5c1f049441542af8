"""A network as plain functions: a forward pass, a cost, and a backward pass that gives the gradient of the cost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from checkers.own_code.facts import Facts, Function, Parameter
from checkers.own_code.inputs import Kind
from checkers.own_code.roles import Role, options_for, plain, role_of, stem
from checkers.own_code.units import Case, Nature, Reading, Unit

from .network_costs import KnownCost, known_costs
from .network_parts import (
    Parameters,
    closure,
    costs_of,
    forward_of,
    has_regulariser,
    parameters_of,
    places_of,
    prediction_place,
    text_of,
)
from .network_shapes import Layout, layouts_of

BACKWARD = re.compile(r"back|bprop|grad")
NO_BACKWARD = re.compile(
    r"check|numerical|approx|descent|update|clip|plot|vector|_test$|^test|apply|optimi[sz]e|ascent|train"
)
SAMPLES = frozenset(["m", "n", "nsamples", "numexamples", "nexamples", "numsamples", "batchsize", "samples", "count"])
RATES = frozenset(["learningrate", "lr", "alpha", "eta", "rate", "stepsize", "optimizer", "optimiser"])
KEPT = frozenset(["keepprob", "keep", "keepprobs", "kp", "pkeep"])
OF_MANY = re.compile(r"sum\(|mean\(|\.shape|axis|/ ?(m|n)\b|len\((x|X|y|Y)\b")
MOST_READINGS = 24
MOST_CASES = 4
REGULARISATION = ("0.0", "0.7")


class UnresolvedError(Exception):
    """An argument whose value nothing tells."""


def find(facts: Facts) -> Iterator[Unit]:
    """Every backward pass of a network of the file."""
    for function in facts.own:
        name = function.name.lower()
        if BACKWARD.search(name) and not NO_BACKWARD.search(name) and _takes_labels(function):
            unit = network(function, facts)
            if unit is not None and unit.readings:
                yield unit


def _takes_labels(function: Function) -> bool:
    """Is it a gradient of a cost, and no step of descent?"""
    if any(plain(name) in RATES for name in function.required):
        return False
    return any(role_of(name) is Role.LABELS for name in function.names)


def network(backward: Function, facts: Facts) -> Unit | None:
    """The unit of a backward pass; None where it does not belong to a network."""
    forward = forward_of(backward, facts)
    if forward is None or forward.name == backward.name:
        return None
    parameters = parameters_of(forward, closure([forward], facts))
    if parameters is None or not any(role_of(name) is Role.DATA for name in forward.names):
        return None
    ends_in_cost = any(role_of(name) is Role.LABELS for name in forward.names)
    costs: Sequence[Function | KnownCost | None] = [None] if ends_in_cost else costs_of(backward, forward, facts)[:2]
    text = text_of(closure([backward, forward, *(one for one in costs if isinstance(one, Function))], facts))
    if not costs:
        costs = known_costs(text)
    readings = []
    is_for_one = parameters.form == "lists" and not OF_MANY.search(text_of([backward]))
    for layout in layouts_of(parameters, text, is_for_one):
        for cost in costs:
            wiring = Wiring(backward, forward, cost, parameters, layout, facts)
            try:
                readings += list(wiring.readings())
            except UnresolvedError:
                continue
    own_cost = next((one for one in costs if isinstance(one, Function)), None)
    value_name = forward.name if ends_in_cost else own_cost.name if own_cost else "the cost"
    names = (forward.name, own_cost.name if own_cost else "", backward.name)
    return Unit(
        name=backward.name,
        nature=Nature.LOSS,
        value_name=value_name,
        rule=_rule(forward, own_cost, backward),
        line=backward.line,
        readings=tuple(readings[:MOST_READINGS]),
        functions=tuple(name for name in names if name),
        returned=backward.returns,
    )


def _rule(forward: Function, cost: Function | None, backward: Function) -> str:
    of = f", {cost.name} its cost" if cost else ""
    return f"{forward.name} and {backward.name}: the forward and the backward pass of a network{of}"


@dataclass
class Wiring:
    """How the three functions are called in one layout.

    Attributes:
        options: name -> sources of its values, each of which makes a case.
    """

    backward: Function
    forward: Function
    cost: Function | KnownCost | None
    parameters: Parameters
    layout: Layout
    facts: Facts
    options: dict[str, tuple[str, ...]] = field(default_factory=dict)
    assumed: list[str] = field(default_factory=list)
    unused: set[str] = field(default_factory=set)

    def readings(self) -> Iterator[Reading]:
        """The reading, and the one without dropout where its random numbers are of a stream of their own.

        Raises:
            UnresolvedError: an argument's value is not known.
        """
        places = places_of(self.forward)
        forward = self._call(self.forward, {}, "forward")
        output = prediction_place(self.forward, places)
        if self.cost is None:
            output, value = "_T.first(_r)", "_p"
        elif isinstance(self.cost, KnownCost):
            value = self.cost.text
            self.assumed.append(self.cost.said)
        else:
            value = self._call(self.cost, places, "cost")
        if self.cost is not None and any(one.name == "Y" and one.kind is not Kind.LABELS for one in self.layout.inputs):
            output = f"_T.beside_labels({output}, _v['Y'])"
        backward = self._call(self.backward, places, "backward")
        setup = f"""\
import numpy as np
_w = _T.plain_number
def _run(_o, _v):
    _r = {forward}
    return _r, {output}
"""
        yield Reading(
            label=self.layout.label,
            setup=setup,
            value=f"_r, _p = _run(_o, _v)\n_n = {self.layout.samples}\nreturn {value}",
            gradient=f"_r, _p = _run(_o, _v)\n_n = {self.layout.samples}\nreturn _T.value_of({value}), {backward}",
            cases=tuple(Case(label, chosen, self.layout.inputs) for label, chosen in cases_of(self.options)),
            wrt=self.parameters.names,
            assumed=tuple(dict.fromkeys(self.assumed)),
            is_guess=isinstance(self.cost, KnownCost),
        )

    def _call(self, function: Function, places: Mapping[str, str], part: str) -> str:
        """Source of a call, each argument by its name."""
        taken: set[str] = set()
        arguments = []
        for parameter in function.parameters:
            text = self._argument(function, parameter, places, part, taken)
            if text is not None:
                taken.add(text)
                arguments.append(f"{parameter.name}={text}")
            elif not parameter.has_default:
                raise UnresolvedError(parameter.name)
        return f"{function.name}({', '.join(arguments)})"

    def _argument(
        self, function: Function, parameter: Parameter, places: Mapping[str, str], part: str, taken: set[str]
    ) -> str | None:
        """Source of what an argument is; None where it is left to its default."""
        name, role = parameter.name, role_of(parameter.name)
        if role is Role.LABELS:
            return "_v['Y']"
        if (text := self._weights(name, role)) is not None:
            return text
        if role is Role.DATA and part == "forward" and "_v['X']" not in taken:
            return "_v['X']"
        if name in self._data_names() and not (part == "cost" and not self._has_prediction(function, name)):
            return "_v['X']"
        if name in places:
            return places[name]
        if role is Role.REGULARISATION:
            return self._regularisation(function, parameter)
        if plain(name) in KEPT:
            return self._kept(function)
        if plain(name) in SAMPLES and part != "forward":
            return self.layout.samples
        if part != "forward":
            found = self._from_forward(function, role, places, part, taken)
            if found is not None:
                return found
        if name in self.parameters.names:
            return f"_w(_v[{name!r}])"
        return None if parameter.has_default else self._option(function, name)

    def _weights(self, name: str, role: Role) -> str | None:
        """Source of weights or biases, all together or one; None where the argument is neither."""
        if name == self.parameters.argument or role is Role.PARAMETERS:
            return self.parameters.text
        if name in self.parameters.lists:
            return "[" + ", ".join(f"_w(_v[{one!r}])" for one in self.parameters.lists[name]) + "]"
        if name in self.parameters.names and self.parameters.form != "dict":
            return f"_w(_v[{name!r}])"
        return None

    def _data_names(self) -> list[str]:
        return [name for name in self.forward.names if role_of(name) is Role.DATA][:1]

    def _has_prediction(self, cost: Function, name: str) -> bool:
        """Does a cost take X, or is what it calls so the network's output?"""
        others = [one for one in cost.names if one != name and role_of(one) in {Role.PREDICTION, Role.DATA}]
        return bool(others) or self.forward.name in cost.calls

    def _from_forward(
        self, function: Function, role: Role, places: Mapping[str, str], part: str, taken: set[str]
    ) -> str | None:
        """The network's output, or what its forward pass keeps for later."""
        if role is Role.CACHE:
            return _cache(places)
        if role is Role.DATA and part == "backward" and "_v['X']" not in taken and not self._names_data(function):
            return "_v['X']"
        if role is Role.PREDICTION or (role in {Role.DATA, Role.UNKNOWN} and "_p" not in taken):
            return "_p"
        return None

    def _names_data(self, function: Function) -> bool:
        return any(name in function.names for name in self._data_names()) or (
            sum(role_of(name) is Role.DATA for name in function.names) == 1
            and any(stem(name) in {"z", "a", "act", "h"} for name in function.names)
        )

    def _regularisation(self, function: Function, parameter: Parameter) -> str | None:
        takers = [one for one in (self.cost, self.backward) if isinstance(one, Function) and has_regulariser(one)]
        if self.cost is None and has_regulariser(self.forward):
            takers.append(self.forward)
        if len(takers) < 2:
            self.assumed.append(f"{parameter.name} = 0, since {function.name} takes it alone")
            return "0.0"
        self.options["lambda"] = REGULARISATION
        return "_o['lambda']"

    def _kept(self, function: Function) -> str:
        text = text_of(closure([self.forward], self.facts))
        is_seeded = re.search(r"random\.(rand|uniform|binomial|choice|random|seed)", text)
        self.options["keep_prob"] = ("0.7", "1.0") if is_seeded else ("1.0",)
        if not is_seeded:
            self.assumed.append("keep_prob = 1: the masks are drawn from a stream of their own")
        return "_o['keep_prob']"

    def _option(self, function: Function, name: str) -> str:
        """An option without a default: by what it is compared with, in the functions that are called as well."""
        if plain(name) in {"l", "numlayers", "nlayers", "layers"}:
            return str(len(self.parameters.weights))
        values = options_for(function, name)
        for one in closure([function], self.facts):
            values = values or options_for(one, name)
        if not values:
            raise UnresolvedError(name)
        self.options[name] = values
        return f"_o[{name!r}]"


def cases_of(options: Mapping[str, Sequence[str]]) -> list[tuple[str, dict[str, str]]]:
    """Combinations of the options' values; those of which there are several stand in the label."""
    several = [name for name in options if len(options[name]) > 1]
    found = []
    for values in product(*options.values()):
        chosen = dict(zip(options, values, strict=True))
        found.append((", ".join(f"{name} = {chosen[name]}" for name in several), chosen))
    return found[:MOST_CASES]


def _cache(places: Mapping[str, str]) -> str:
    """What a forward pass returns besides its output; all of it where it is one thing."""
    return "_T.cache_of(_r)" if any(path.startswith("_r[0]") for path in places.values()) else "(_T.cache_of(_r) or _r)"
