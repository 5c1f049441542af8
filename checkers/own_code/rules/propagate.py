"""One function that runs a linear model forward and backward: propagate(w, b, X, Y) gives gradients and cost."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checkers.own_code.facts import Facts, Function, Parameter
from checkers.own_code.roles import Role, options_for, role_of
from checkers.own_code.units import Case, Nature, Reading, Unit

from .network_parts import Parameters, closure, parameters_of, text_of
from .network_shapes import Layout, layouts_of
from .networks import REGULARISATION, cases_of

NAME = re.compile(
    r"propagat|forward_?(and_?)?back|fwd_?bwd|cost_?(and_?)?grad|loss_?(and_?)?grad|grad(ient)?s?_?(and_?)?(cost|loss)"
)
COST = re.compile(r"cost|loss|^j$|^j_|error|objective|likelihood", re.IGNORECASE)
GRADIENT = re.compile(r"grad|^d[A-Za-z_]|^\{.*['\"]d|^dict\(d", re.IGNORECASE)
MOST_READINGS = 16


def find(facts: Facts) -> Iterator[Unit]:
    """Every function of the file that gives both a cost and its gradients."""
    for function in facts.own:
        if NAME.search(function.name.lower()) and _gives_both(function):
            parameters = parameters_of(function, closure([function], facts))
            if parameters is not None:
                yield _unit(function, parameters, facts)


def _gives_both(function: Function) -> bool:
    """Does it take data and labels, and return a cost beside something else?"""
    roles = [role_of(name) for name in function.names]
    returns = function.returns[-1] if function.returns else ()
    if Role.DATA not in roles or Role.LABELS not in roles:
        return False
    rest = _without_cost(returns)
    return len(rest) < len(returns) and any(GRADIENT.search(text) for text in rest)


def _unit(function: Function, parameters: Parameters, facts: Facts) -> Unit:
    text = text_of(closure([function], facts))
    readings = [_reading(function, parameters, layout) for layout in layouts_of(parameters, text)]
    return Unit(
        name=function.name,
        nature=Nature.LOSS,
        value_name=f"the cost of {function.name}",
        rule=f"{function.name} returns a cost and its gradients",
        line=function.line,
        readings=tuple(one for one in readings if one is not None)[:MOST_READINGS],
        functions=(function.name,),
        returned=tuple(_without_cost(texts) for texts in function.returns),
    )


def _without_cost(texts: tuple[str, ...]) -> tuple[str, ...]:
    """What is returned besides the cost."""
    cost = next((place for place, text in enumerate(texts) if COST.search(text)), len(texts))
    return texts[:cost] + texts[cost + 1 :]


def _reading(function: Function, parameters: Parameters, layout: Layout) -> Reading | None:
    arguments = []
    options: dict[str, tuple[str, ...]] = {}
    for parameter in function.parameters:
        text = _argument(function, parameter, parameters, options)
        if text is not None:
            arguments.append(f"{parameter.name}={text}")
        elif not parameter.has_default:
            return None
    place = next(place for place, text in enumerate(function.returns[-1]) if COST.search(text))
    call = f"{function.name}({', '.join(arguments)})"
    return Reading(
        label=layout.label,
        setup="_w = _T.plain_number",
        value=f"return {call}[{place}]",
        gradient=f"""\
_r = {call}
_rest = _r[:{place}] + _r[{place + 1} :]
return _r[{place}], _rest[0] if len(_rest) == 1 else _rest
""",
        cases=tuple(Case(label, chosen, layout.inputs) for label, chosen in cases_of(options)),
        wrt=parameters.names,
    )


def _argument(
    function: Function, parameter: Parameter, parameters: Parameters, options: dict[str, tuple[str, ...]]
) -> str | None:
    name, role = parameter.name, role_of(parameter.name)
    if name == parameters.argument:
        return parameters.text
    if name in parameters.names and parameters.form == "single":
        return f"_w(_v[{name!r}])"
    if role is Role.LABELS:
        return "_v['Y']"
    if role is Role.DATA:
        return "_v['X']"
    values = (
        REGULARISATION if role is Role.REGULARISATION else () if parameter.has_default else options_for(function, name)
    )
    if values:
        options[name] = values
        return f"_o[{name!r}]"
    return None
