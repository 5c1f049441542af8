"""NAME_forward and NAME_backward: a layer, whose backward is a vector-Jacobian product of its own forward."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from checkers.own_code.facts import Facts, Function
from checkers.own_code.held_arrays import held_arrays, layouts_with_held, option_text
from checkers.own_code.inputs import Input
from checkers.own_code.roles import Layout, Role, options_for, plain, role_of, stem
from checkers.own_code.units import Allowance, Case, Nature, Reading, Unit

from .backward_calls import Call, backward_calls, cache_place
from .network_parts import closure

BACKWARD = re.compile(r"(backward|backprop|bprop|bwd|_back$|^back_|_b$|_grad$|_gradient$)")
RENAMED = (
    ("backward", "forward"),
    ("Backward", "Forward"),
    ("backprop", "forward"),
    ("bprop", "fprop"),
    ("bwd", "fwd"),
    ("_back$", "_forward"),
    ("^back_", "forward_"),
    ("_b$", "_f"),
    ("_backward", ""),
    ("^backward_", ""),
    ("Backward", ""),
    ("_bwd", ""),
    ("_back$", ""),
    ("^back_", ""),
    ("_grad(ient)?$", "_forward"),
    ("_grad(ient)?$", ""),
)
MOST_CASES = 4
UNTOLD = frozenset([Role.DATA, Role.PREDICTION, Role.UNKNOWN])
"""What the names of arguments are taken for that may be a layer's value as well as its upstream gradient."""
ACTIVATIONS = frozenset(["relu", "sigmoid", "tanh", "leakyrelu", "elu", "softplus"])
NAMES_OF_ACTIVATION = frozenset(["activation", "act", "activationfunction", "activationfn", "nonlinearity"])

# Layers whose backward is often handed in without its forward: what the forward computes.
KNOWN = {
    "relu": "np.maximum(0, {x})",
    "sigmoid": "1 / (1 + np.exp(-{x}))",
    "tanh": "np.tanh({x})",
}


def find(facts: Facts) -> Iterator[Unit]:
    """Every backward function with a forward, in the file or known."""
    for function in facts.own:
        if BACKWARD.search(function.name.lower()) and function.parameters:
            forward = forward_of(function, facts)
            unit = pair(function, forward, facts, activations_of(facts)) if forward is not None else _known(function)
            if unit is not None:
                yield unit


def forward_of(backward: Function, facts: Facts) -> Function | None:
    """The forward function that belongs to a backward one, by its name; the nearest, if only the ending differs."""
    for old, new in RENAMED:
        name = re.sub(old, new, backward.name)
        if name == backward.name:
            continue
        if name in facts.functions:
            return facts.functions[name]
        start = re.split(r"(?i)(?<=forward)|(?<=fwd)|(?<=fprop)", name)[0]
        alike = [one for one in facts.functions.values() if one.name.startswith(start) and one is not backward]
        if start != name and len(start) > len("forward") and alike:
            return min(alike, key=lambda one: (len(one.name), one.line))
    return None


def activations_of(facts: Facts) -> tuple[str, ...]:
    """The activation functions of the files: what an argument `activation` may name, where no text is compared."""
    return tuple(name for name in facts.functions if stem(name) in ACTIVATIONS)


def pair(backward: Function, forward: Function, facts: Facts, activations: tuple[str, ...] = ()) -> Unit | None:
    """The unit of a backward function and its forward; None where its arguments do not look like a layer's."""
    upstreams = upstreams_of(backward, forward)
    strange = [name for name in backward.required if name not in forward.names and role_of(name) is Role.LABELS]
    if not upstreams or strange:
        return None
    arrays, options = split_arguments(forward, activations)
    for name in options:
        handled = [repr(text) for text in backward.options_of(name)]
        if len(handled) > 1 and set(handled) < set(options[name]):
            options[name] = tuple(handled)
    indices = {*forward.indices, *(name for name in backward.indices if name in forward.names)}
    held = held_arrays(closure([forward], facts), closure([backward], facts))
    keys = [key for some in held.values() for key in some if option_text(key) is None]
    arrays = [name for name in arrays if name not in held]
    if len({*arrays, *keys}) < len(arrays) + len(keys):
        return None  # of two arrays of one name it cannot be told which a gradient belongs to
    given = _given(forward, arrays, options, held)
    is_of_vectors = "outer" in backward.calls  # which makes no sense of several samples, so that one is meant
    readings = []
    for layout in layouts_with_held(arrays, keys, forward.ranks, indices):
        for upstream in upstreams:
            for call in backward_calls(backward, forward, upstream, given):
                reading = _reading(layout, call, forward, options, given, len(upstream))
                readings.append(replace(reading, is_last_resort=layout.is_single and not is_of_vectors))
    return Unit(
        name=backward.name,
        nature=Nature.LAYER,
        value_name=forward.name,
        rule=f"the backward of {forward.name}, by its name",
        line=backward.line,
        readings=tuple(readings),
        functions=(forward.name, backward.name),
        returned=backward.returns,
    )


def _given(
    forward: Function,
    arrays: Sequence[str],
    options: Mapping[str, tuple[str, ...]],
    held: Mapping[str, tuple[str, ...]],
) -> dict[str, str]:
    """The arguments that the forward is called with, and the source of each."""
    sources = {name: f"_v[{name!r}]" for name in arrays} | {name: f"_o[{name!r}]" for name in options}
    for name, keys in held.items():
        sources[name] = "{" + ", ".join(f"{key!r}: {option_text(key) or f'_v[{key!r}]'}" for key in keys) + "}"
    return {name: sources[name] for name in forward.names if name in sources}


def upstreams_of(backward: Function, forward: Function | None = None) -> list[tuple[str, ...]]:
    """The arguments that carry upstream gradients: one, or as many as the forward returns values; likeliest first.

    Where no argument is named so, the first one is meant, unless it is what a loss is given. A name that does not tell
    may as well be that of the value, and the next argument the upstream gradient.
    """
    named = [name for name in backward.names if role_of(name) is Role.UPSTREAM]
    values = max((len(texts) - 1 for texts in forward.returns if len(texts) > 1), default=1) if forward else 1
    if named:
        return [tuple(named[: max(values, 1)])]
    of_forward = forward.names if forward is not None else ()
    short = [name for name in backward.required if name not in of_forward and _is_short_gradient(name, backward)]
    if short:
        return [(short[0],)]
    first = backward.names[0]
    if len(backward.parameters) < 2 or role_of(first) is Role.CACHE or first in of_forward:
        return []
    if forward is not None and _is_loss(forward):
        return []
    free = [name for name in backward.required if name not in of_forward and role_of(name) in UNTOLD]
    return [(first,), *((name,) for name in free if name != first)]


def _is_short_gradient(name: str, function: Function) -> bool:
    """Is it g and what it is the gradient of: gb, gz, g_out, gycap beside ycap?"""
    match = re.fullmatch(r"g_?([a-z]\w*)", name)
    if match is None or role_of(name) is not Role.UNKNOWN or len(function.required) < 2:
        return False
    return len(match[1]) == 1 or match[1] in {"out", "output", "next"} or match[1] in function.names


def _is_loss(forward: Function) -> bool:
    """Does it compare a prediction with the truth? Its backward may be given the same once more, by other names."""
    return {Role.LABELS, Role.PREDICTION} <= {role_of(name) for name in forward.required}


def split_arguments(
    function: Function, activations: tuple[str, ...] = ()
) -> tuple[list[str], dict[str, tuple[str, ...]]]:
    """The arguments that are arrays, and those that are options with the sources of their values."""
    arrays, options = [], {}
    for parameter in function.parameters:
        role = role_of(parameter.name)
        values = options_for(function, parameter.name)
        if values and parameter.name not in function.array_names:
            options[parameter.name] = values
        elif role is Role.REGULARISATION:
            options[parameter.name] = ("0.0",)
        elif activations and plain(parameter.name) in NAMES_OF_ACTIVATION and not parameter.has_default:
            options[parameter.name] = tuple(repr(name) for name in activations)
        elif not parameter.has_default or (parameter.default == "None" and role in {Role.BIAS, Role.STATE}):
            arrays.append(parameter.name)
    return arrays, options


def _reading(
    layout: Layout,
    call: Call,
    forward: Function,
    options: Mapping[str, tuple[str, ...]],
    given: Mapping[str, str],
    values: int,
) -> Reading:
    inputs = layout.arrays
    arguments = ", ".join(f"{name}={text}" for name, text in given.items())
    values_of = f"_T.placed(_returned, {call.places})" if call.places else "_returned"
    place = cache_place(forward, values)
    cache = f"_T.cache_of(_returned, {values})" if place is None else f"_returned[{place}]"
    cases = [Case(text, chosen, tuple(inputs.values())) for text, chosen in cases_of(options)]
    cases += _of_other_ranks(cases[0])
    columns = next((one for one in inputs.values() if one.shape == ("D", "n")), None)
    rest = tuple(name for name, one in inputs.items() if columns is not None and "n" not in one.shape)
    allowance = Allowance(rest, "n", f"1/m is taken into the gradients with respect to {' and '.join(rest)}")
    return Reading(
        label=layout.label,
        value=f"_returned = {forward.name}({arguments})\nreturn _T.several({values_of}, {values})",
        gradient=f"""\
_returned = {forward.name}({arguments})
_out = _T.value_of(_T.first(_returned))
_whole = _T.value_of(_T.several({values_of}, {values}))
_us = _T.split(_u, {values_of}, {values})
_cache = {cache}
return _whole, {call.text}
""",
        cases=tuple(cases),
        allowances=(allowance,) if rest else (),
        assumed=call.assumed,
        is_guess=layout.is_guess or call.is_guess,
    )


def cases_of(options: Mapping[str, tuple[str, ...]]) -> list[tuple[str, dict[str, str]]]:
    """Combinations of options: what changes at all stands in the label."""
    names = list(options)
    several = [name for name in names if len(options[name]) > 1]
    found = []
    for values in product(*(options[name] for name in names)):
        chosen = dict(zip(names, values, strict=True))
        found.append((", ".join(_told(name, chosen[name], options[name]) for name in several), chosen))
    return found[:MOST_CASES]


def _told(name: str, text: str, texts: Sequence[str]) -> str:
    """An option with its value; of a dict only what differs from the other cases."""
    dicts = [ast.literal_eval(one) for one in texts if one.startswith("{")]
    if len(dicts) < len(texts):
        return f"{name} = {text}"
    chosen = ast.literal_eval(text)
    differing = [key for key in chosen if any(one.get(key) != chosen[key] for one in dicts)]
    return ", ".join(f"{key} = {chosen[key]!r}" for key in differing)


def _of_other_ranks(case: Case) -> list[Case]:
    """An affine layer takes images, too: x of rank 4, whose features are flattened inside."""
    shapes = [one.shape for one in case.inputs]
    if shapes[:2] != [("n", "D"), ("D", "C")] or len(shapes) > 3:
        return []
    x, w = case.inputs[0], case.inputs[1]
    images = (Input(x.name, (3, 2, 2, 3), x.kind), Input(w.name, (12, "C"), w.kind), *case.inputs[2:])
    return [Case("x of rank 4", case.options, images, is_optional=True)]


def _known(function: Function) -> Unit | None:
    """sigmoid_backward(dA, cache) without a sigmoid in the file."""
    name = next((name for name in KNOWN if plain(function.name).startswith(name)), None)
    if name is None or len(function.required) != 2:
        return None
    readings: list[Reading] = []
    for (upstream,) in upstreams_of(function):
        (other,) = (one for one in function.required if one != upstream)
        readings += _known_readings(function, name, upstream, other)
    if not readings:
        return None
    return Unit(
        name=function.name,
        nature=Nature.LAYER,
        value_name=name,
        rule=f"{function.name}: the backward of a known activation, by its name",
        line=function.line,
        readings=tuple(readings),
        functions=(function.name,),
        returned=function.returns,
    )


def _known_readings(function: Function, name: str, upstream: str, other: str) -> Iterator[Reading]:
    """What the other argument may hold: the input, the output, caches."""
    formula = KNOWN[name].format(x="_v['Z']")
    for cache, said in (
        ("_v['Z']", "Z"),
        ("_out", "A"),
        ("(_v['Z'],)", "(Z,)"),
        ("(None, _v['Z'])", "(linear_cache, Z)"),
    ):
        yield Reading(
            label="Z (D, N)",
            value=f"import numpy as np\nreturn {formula}",
            gradient=f"""\
import numpy as np
_out = {formula}
return _out, {function.name}({upstream}=_u, {other}={cache})
""",
            cases=(Case("", {}, (Input("Z", ("D", "n")),)),),
            assumed=(f"{name} is not in the file, so {name}(Z) as it is known was taken, and {other} = {said}",),
        )
