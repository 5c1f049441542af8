"""Layers that are objects: forward(x) and backward(upstream)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from checkers.own_code.facts import Class, Facts, Function, own_nodes
from checkers.own_code.inputs import Input
from checkers.own_code.roles import Role, options_for, plain, role_of
from checkers.own_code.units import Allowance, Case, Nature, Reading, Unit

from . import loss_classes, pairs
from .constructors import STEPS, Made, makers, variations, ways
from .model_classes import BACKWARD, RATE, SIZES, forward_of, maker
from .softmax_layers import hands_back

DERIVATIVE = re.compile(
    r"^_*(?:d_?(?P<a>\w+)|(?P<b>\w+?)_?(?:prime|deriv|derivative|grad|gradient|dot|der))$", re.IGNORECASE
)
MODES = frozenset(["istraining", "mode", "train", "training"])
# What weighs a penalty on the weights, which the loss adds and no layer's forward computes.
PENALTY = re.compile(r"regulari[sz]|(^|_)(reg|l[12])(_|$)|lam(b?da)?|decay|penalty", re.IGNORECASE)
# An upstream gradient that may be that of the scores z of a layer with an activation.
OF_SCORES = re.compile(r"delta|err|^d_?z", re.IGNORECASE)
MOST_READINGS = 36
HANDED_BACK = (
    "it returns the upstream gradient as it is, which is right behind a loss whose gradient is with respect to the "
    "softmax's input; no pair with a loss of this file was found to be right"
)

# Data of a layer, the likeliest first: letters are sizes. One sample is tried where a layer learns as it goes back.
_DATA: tuple[tuple[str | int, ...], ...] = (("n", "D"), ("D", "n"), (2, 3, 4, 4), (2, 4, 4, 3), ("n", "T", "D"), ("D",))
# Of layers whose constructor is told the number of channels. They count only where a gradient is right in them, unless
# the class's name says how many axes it takes.
_CHANNELS: tuple[tuple[str | int, ...], ...] = ((2, "D", 3, 3), (2, "D", 5), (2, 3, 3, "D"))
_RANKS = {3: re.compile(r"1_?d|conv|pool", re.IGNORECASE), 4: re.compile(r"2_?d|conv|pool", re.IGNORECASE)}
_ONE: tuple[tuple[str | int, ...], ...] = (("D", 1), (1, "D"))


def find(facts: Facts) -> Iterator[Unit]:
    """Layers, losses, and methods of a class that are a forward and its backward."""
    for one in sorted(facts.classes.values(), key=lambda c: c.line):
        if not one.is_own:
            continue
        for method in one.methods.values():
            if method.owner != one.name or method.is_unfinished:
                continue
            if (pair := loss_classes.of_softmax(method, one, facts)) is not None:
                yield pair  # the layer by itself comes after it
            for rule in (loss_classes.of_loss, _of_layer, _of_pair, _of_derivative):
                if (unit := rule(method, one, facts)) is not None:
                    yield unit
                    break


def upstream_of(backward: Function) -> str | None:
    """The argument of a backward method that carries the upstream gradient."""
    named = [name for name in backward.names if role_of(name) is Role.UPSTREAM]
    named = named or [
        n for n in backward.names if re.search(r"grad|delta|dout|error|^d[A-Z_]", n) and plain(n) not in STEPS
    ]
    if named:
        return named[0]
    free = [p.name for p in backward.parameters if not p.has_default and plain(p.name) not in STEPS]
    return free[0] if len(free) == 1 and role_of(free[0]) is not Role.CACHE else None


def _forward_of(one: Class) -> Function | None:
    """The method that predicts, from data and the mode that it may have to be told: forward(inputs, training)."""
    if (forward := forward_of(one)) is not None:
        return forward
    forward = one.methods.get("forward")
    if forward is None or forward.is_unfinished or not forward.required or role_of(forward.required[0]) is Role.OPTION:
        return None
    return forward if all(plain(name) in MODES for name in forward.required[1:]) else None


def _of_layer(method: Function, one: Class, facts: Facts) -> Unit | None:
    forward = _forward_of(one)
    if not BACKWARD.match(method.name.lower()) or forward is None or forward.name == "predict":
        return None
    upstream = upstream_of(method)
    required = [p.name for p in method.parameters if not p.has_default and p.name != upstream]
    if upstream is None or any(role_of(name) in {Role.LABELS, Role.PREDICTION} for name in required):
        return None
    if any(role_of(name) is Role.LABELS for name in method.names):
        return None
    x = forward.required[0]
    parts, rate = [f"{upstream}=_u"], 0.0
    for parameter in method.parameters:
        name = parameter.name
        if name == upstream:
            continue
        if plain(name) in STEPS or re.search(r"learning_?rate|^lr", name):
            parts.append(f"{name}={RATE}")
            rate = RATE
        elif role_of(name) is Role.REGULARISATION:
            parts.append(f"{name}=0.0") if not parameter.has_default else None
        elif not parameter.has_default:
            parts.append(f"{name}=_cache" if role_of(name) is Role.CACHE else f"{name}=_v[{x!r}]")
    text = f"_model.{method.name}({', '.join(parts)})"
    penalties = _penalties(one, forward, method)
    told = (f"no penalty on the weights: {', '.join(f'{name} = 0' for name in penalties)}",) if penalties else ()
    readings: list[Reading] = []
    for made, classes in _made_ways(one, facts, (method.name, forward.name)):
        plainly = _without_penalty(made, penalties) if classes == [one] and penalties else made
        for shape in (*_DATA, *(_ONE if rate else ()), *(_CHANNELS if "_n['D']" in made.text else ())):
            reading = _layer_reading(plainly, classes, one, method, forward, text, x, shape, rate)
            if shape in _CHANNELS:
                is_chance = not _RANKS[len(shape)].search(one.name)
                said = f"{x} was taken to have {len(shape)} axes"  # so that an exception there proves nothing
                reading = replace(reading, is_guess=is_chance, assumed=(said,))
            is_of_scores = OF_SCORES.search(upstream) is not None and _keeps_scores(forward)
            assumed = (*reading.assumed, *told)
            readings.append(replace(reading, is_guess=is_of_scores or reading.is_guess, assumed=assumed))
    if not readings:
        return None
    hands_on = hands_back(method, one)
    return Unit(
        name=method.full_name,
        nature=Nature.LAYER,
        value_name=f"{one.name}.{forward.name}",
        rule=f"{one.name}: a class with {forward.name} and {method.name}, whose argument is an upstream gradient",
        line=method.line,
        readings=tuple(readings[:MOST_READINGS]),
        functions=tuple(m.full_name for m in one.methods.values() if m.is_own),
        returned=method.returns,
        hands_back=hands_on,
        left_alone=HANDED_BACK if hands_on else "",
    )


def _without_penalty(made: Made, names: Sequence[str]) -> Made:
    """A way to make a layer, with no weight given to penalties."""
    options = {name: values[:1] if name in names else values for name, values in made.options.items()}
    kind, _, arguments = made.text.removesuffix(")").partition("(")
    missing = [f"{name}=0.0" for name in names if f"{name}=" not in arguments]
    return replace(made, text=f"{kind}({', '.join([*filter(None, [arguments]), *missing])})", options=options)


def _penalties(one: Class, forward: Function, backward: Function) -> tuple[str, ...]:
    """The constructor's parameters that weigh a penalty: the backward reads them, and the forward does not."""
    init = one.methods.get("__init__")
    read = backward.self_attributes - forward.self_attributes
    return tuple(p.name for p in init.parameters if p.name in read and PENALTY.search(p.name)) if init else ()


def _made_ways(one: Class, facts: Facts, needed: Sequence[str]) -> Iterator[tuple[Made, list[Class]]]:
    """The ways to make a layer; of a class that is only inherited, its heirs' side by side."""
    heirs = makers(one, facts, needed)
    if len(heirs) > 1 or (heirs and heirs[0] is not one):
        several = [next(ways(heir, facts), None) for heir in heirs]
        able = [
            (made, heir) for made, heir in zip(several, heirs, strict=True) if made is not None and not made.options
        ]
        if able:
            texts = tuple(f"lambda _n: {made.text}" for made, _ in able)
            yield Made("_o['made'](_n)", {"made": texts}), [heir for _, heir in able]
        return
    init = one.methods.get("__init__")
    if heirs and init is not None and init.node.args.vararg is not None:
        if stacked := _stacked(one, facts):
            yield stacked, heirs
        return
    if heirs:
        for made in ways(one, facts):
            yield made, heirs


def _stacked(one: Class, facts: Facts) -> Made | None:
    """Sequential(*layers), with layers of the same file."""
    dense, elementwise = "", ""
    for other in facts.classes.values():
        back = next((m for m in other.methods.values() if BACKWARD.match(m.name.lower())), None)
        if (
            other is one
            or not other.is_own
            or "forward" not in other.methods
            or back is None
            or len(back.required) != 1
        ):
            continue
        made = next(ways(other, facts), None)
        if made is None or len(other.methods["forward"].required) != 1:
            continue
        if "_n['D']" in made.text and "_n['C']" in made.text:
            dense = dense or made.text
        elif "_n[" not in made.text and not made.options:
            elementwise = elementwise or made.text
    if not dense:
        return None
    first, second = dense.replace("_n['C']", "_n['H']"), dense.replace("_n['D']", "_n['H']")
    return Made(f"{one.name}({', '.join(text for text in (first, elementwise, second) if text)})")


def _averaged(x: str) -> Allowance:
    return Allowance(("*",), "n", "1/n is taken into the gradients with respect to the layer's parameters", but=(x,))


def _layer_reading(
    made: Made,
    classes: Sequence[Class],
    one: Class,
    method: Function,
    forward: Function,
    text: str,
    x: str,
    shape: tuple[str | int, ...],
    rate: float,
) -> Reading:
    inputs = (Input(x, shape), SIZES)
    options = {**made.options}
    arguments = [f"_v[{x!r}]"]
    for parameter in forward.parameters:
        values = options_for(forward, parameter.name)
        if parameter.name != x and values and not parameter.has_default:
            arguments.append(f"{parameter.name}={values[0]}")
    cases = []
    for label, chosen in variations(options):
        choices = [chosen] if not label else [chosen, {name: values[0] for name, values in options.items()}]
        rows = ", ".join("{" + ", ".join(f"{n!r}: {t}" for n, t in row.items()) + "}" for row in choices)
        cases.append(Case(label, {"choices": f"[{rows}]"}, inputs))
    one_sample = shape in _ONE
    return Reading(
        label=f"{x} ({', '.join(str(length).replace('n', 'N') for length in shape)})",
        setup=f"""\
from _gradcheck_student import objects as _O
{maker(made, one)}
def _inputs(_o, _v):
    return _O.spread(_made(_o, _v), True)
""",
        value=f"""\
_v = _O.copies(_v)
_model = _O.fill(_made(_o, _v), _v)
{_result(forward, arguments, x)}
""",
        gradient=f"""\
_value = _T.value_of(_value_(_o, _v))
_T.begin()
_v = _O.copies(_v)
_model = _O.fill(_made(_o, _v), _v)
{"_before = _O.snapshot(_model)" if forward.returns else ""}
_given = _model.{forward.name}({", ".join(arguments)})
{"" if forward.returns else "_before = _O.snapshot(_model)"}
_cache = _T.cache_of(_given)
_u = _O.np.ones(_O.np.shape(_value)) if _u is None else _O.np.array(_u)
_returned = {text}
return _value, _O.gradients(_model, _before, _returned, {method.returns!r}, {{{x!r}: _v[{x!r}]}}, list(_v), {rate})
""",
        parameters="return _O.settled(_o, _v, _inputs, _gradient_)",
        cases=tuple(cases),
        allowances=(_averaged(x),) if "n" in shape else (),
        assumed=("one sample at a time",) if one_sample else (),
        # Behind weights and a softmax the upstream gradient is often that of the scores, with the loss taken together.
        is_guess="softmax" in forward.calls and re.search(r"@|dot\(|matmul\(", ast.unparse(forward.node)) is not None,
    )


def _result(forward: Function, arguments: Sequence[str], x: str) -> str:
    """Source that returns what a forward computes; of one that returns nothing what it keeps on the object."""
    call = f"_model.{forward.name}({', '.join(arguments)})"
    if forward.returns:
        return f"return _T.first({call})"
    return f"""\
from _gradcheck_student import kept as _K
_given, _before = _O.np.array(_v[{x!r}]), _O.snapshot(_model)
return _K.output(_model, _before, {call}, _given)"""


def _keeps_scores(forward: Function) -> bool:
    """Does a forward that returns nothing keep several things that it computes, as self.z and self.a?"""
    stored = [
        node
        for node in own_nodes(forward.node)
        if isinstance(node, ast.Assign)
        and not isinstance(node.value, ast.Name)
        and any(isinstance(target, ast.Attribute) for target in node.targets)
    ]
    return not forward.returns and len(stored) > 1


def _of_pair(method: Function, one: Class, facts: Facts) -> Unit | None:
    """Methods such as linear_forward and linear_backward, which take all that they need as arguments."""
    if not pairs.BACKWARD.search(method.name.lower()) or BACKWARD.match(method.name.lower()) or not method.parameters:
        return None
    forward = pairs.forward_of(method, Facts({**facts.functions, **one.methods}, facts.classes))
    if forward is None or forward.owner == "":
        return None
    made = next(ways(one, facts), None)
    unit = pairs.pair(method, forward)
    if made is None or unit is None:
        return None
    options = {name: values[0] for name, values in made.options.items()}
    rows = "{" + ", ".join(f"{n!r}: {source}" for n, source in options.items()) + "}"
    setup = f"""\
from _gradcheck_student import objects as _O
{maker(made, one)}
def _anew():
    return _made({{'choices': [{rows}]}}, {{_O.SIZES: _O.np.zeros((5, 7, 11, 3, 0)), _O.CHOICE: _O.np.zeros((0, 0))}})
def {forward.name}(*_a, **_k):
    return _anew().{forward.name}(*_a, **_k)
def {method.name}(*_a, **_k):
    return _anew().{method.name}(*_a, **_k)
"""
    return replace(
        unit,
        name=method.full_name,
        value_name=forward.full_name,
        readings=tuple(replace(reading, setup=setup) for reading in unit.readings),
        functions=(forward.full_name, method.full_name),
    )


def _of_derivative(method: Function, one: Class, facts: Facts) -> Unit | None:
    """f(z) and f_prime(z), entry by entry; the derivative may be written in terms of f(z)."""
    match = DERIVATIVE.match(method.name)
    if match is None or len(method.required) != 1 or role_of(method.required[0]) is Role.LABELS:
        return None
    stem = plain(match["a"] or match["b"] or "").strip("_")
    candidates = {plain(name).strip("_"): other for name, other in one.methods.items() if other is not method}
    forward = next((f for name, f in candidates.items() if name == stem and len(f.required) == 1), None)
    if forward is None:
        forward = next(
            (f for n, f in candidates.items() if n.startswith(stem) and n in {stem + "activation", stem + "function"}),
            None,
        )
    if forward is None or forward.is_unfinished:
        return None
    readings = []
    for made in ways(one, facts):
        for at, said in (("_v['z']", ""), ("_value", f"{method.name} takes the value of {forward.name}")):
            cases = []
            base = {name: values[0] for name, values in made.options.items()}
            for label, chosen in variations(made.options, (made.deep,)):
                rows = ", ".join("{" + ", ".join(f"{n!r}: {t}" for n, t in row.items()) + "}" for row in (chosen, base))
                cases.append(Case(label, {"choices": f"[{rows}]"}, (Input("z", ("n", "D")), SIZES)))
            readings.append(
                Reading(
                    label="z (N, D)",
                    setup=f"from _gradcheck_student import objects as _O\n{maker(made, one)}\n"
                    "def _inputs(_o, _v):\n    return {}",
                    value=f"return _made(_o, _v).{forward.name}(_O.copies(_v)['z'])",
                    gradient=f"_value = _T.value_of(_value_(_o, _v))\n_at = _O.np.array({at})\n"
                    f"return _value, {{'z': _made(_o, _v).{method.name}(_at)}}",
                    parameters="return _O.settled(_o, _v, _inputs, _gradient_)",
                    cases=tuple(cases),
                    wrt=("z",),
                    assumed=(said,) if said else (),
                )
            )
    if not readings:
        return None
    return Unit(
        name=method.full_name,
        nature=Nature.ELEMENTWISE,
        value_name=forward.full_name,
        rule=f"{forward.full_name} and {method.name}: a function and its derivative, by their names",
        line=method.line,
        readings=tuple(readings),
        functions=(forward.full_name, method.full_name),
        returned=method.returns,
    )
