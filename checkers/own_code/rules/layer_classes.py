"""Layers and losses that are objects: forward(x) and backward(upstream), loss(prediction, truth) and its gradient."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from checkers.own_code.facts import Class, Facts, Function
from checkers.own_code.inputs import Input, Kind
from checkers.own_code.roles import Role, options_for, plain, role_of
from checkers.own_code.units import Allowance, Case, Nature, Reading, Unit

from . import pairs
from .constructors import STEPS, Made, variations, ways
from .model_classes import RATE, SIZES, forward_of, maker

BACKWARD = re.compile(
    r"^_*(full_?|model_?)?(back(ward)?(_?(pass|prop(agat(e|ion))?))?|bprop|compute_?grad(ient)?s?|get_?grad(ient)?s?)$"
)
LOSS_GRADIENT = re.compile(
    r"^_*(back(ward)?(_?(pass|prop(agat(e|ion))?))?|bprop|grad(ient)?s?|d?deriv(ative)?|delta|prime|d|dloss"
    r"|(compute|loss|get)_?(grad(ient)?s?|deriv(ative)?|prime))$"
)
DERIVATIVE = re.compile(
    r"^_*(?:d_?(?P<a>\w+)|(?P<b>\w+?)_?(?:prime|deriv|derivative|grad|gradient|dot|der))$", re.IGNORECASE
)
LOSS_VALUE = (
    "loss",
    "forward",
    "call",
    "calculate",
    "calc",
    "compute",
    "computeloss",
    "cost",
    "value",
    "fn",
    "f",
    "error",
    "forwardpass",
    "forwardpropagation",
    "forwardprop",
)
MOST_READINGS = 36

# Data of a layer, the likeliest first: letters are sizes. One sample is tried where a layer learns as it goes back.
_DATA: tuple[tuple[str | int, ...], ...] = (("n", "D"), ("D", "n"), (2, 3, 4, 4), (2, 4, 4, 3), ("n", "T", "D"), ("D",))
_ONE: tuple[tuple[str | int, ...], ...] = (("D", 1), (1, "D"))


def find(facts: Facts) -> Iterator[Unit]:
    """Layers, losses, and methods of a class that are a forward and its backward."""
    for one in sorted(facts.classes.values(), key=lambda c: c.line):
        if not one.is_own:
            continue
        for method in one.methods.values():
            if method.owner != one.name or method.is_unfinished:
                continue
            for rule in (_of_loss, _of_layer, _of_pair, _of_derivative):
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


def _makers(one: Class, facts: Facts, needed: Sequence[str]) -> list[Class]:
    """The class; where its methods are left to those that inherit it, those."""
    heirs = [c for c in facts.classes.values() if c.is_own and one.name in c.bases]
    called = {name for method in one.methods.values() if method.name in needed for name in method.calls}
    empty = [m for m in one.methods.values() if m.is_unfinished and (m.name in needed or m.name in called)]
    if heirs and (empty or _takes_functions(one)):
        return heirs
    return [] if empty else [one]


def _takes_functions(one: Class) -> bool:
    """Is it made from functions: Activation(f, f_prime)?"""
    init = one.methods.get("__init__")
    return init is not None and any(re.search(r"prime|deriv|^d?f$", name) for name in init.required)


def _of_layer(method: Function, one: Class, facts: Facts) -> Unit | None:
    forward = forward_of(one)
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
    readings: list[Reading] = []
    for made, classes in _made_ways(one, facts, (method.name, forward.name)):
        for shape in (*_DATA, *(_ONE if rate else ())):
            readings.append(_layer_reading(made, classes, one, method, forward, text, x, shape, rate))
    if not readings:
        return None
    return Unit(
        name=method.full_name,
        nature=Nature.LAYER,
        value_name=f"{one.name}.{forward.name}",
        rule=f"{one.name}: a class with {forward.name} and {method.name}, whose argument is an upstream gradient",
        line=method.line,
        readings=tuple(readings[:MOST_READINGS]),
        functions=tuple(m.full_name for m in one.methods.values() if m.is_own),
        returned=method.returns,
    )


def _made_ways(one: Class, facts: Facts, needed: Sequence[str]) -> Iterator[tuple[Made, list[Class]]]:
    """The ways to make a layer; of a class that is only inherited, its heirs' side by side."""
    makers = _makers(one, facts, needed)
    if len(makers) > 1 or (makers and makers[0] is not one):
        several = [next(ways(heir, facts), None) for heir in makers]
        able = [
            (made, heir) for made, heir in zip(several, makers, strict=True) if made is not None and not made.options
        ]
        if able:
            texts = tuple(f"lambda _n: {made.text}" for made, _ in able)
            yield Made("_o['made'](_n)", {"made": texts}), [heir for _, heir in able]
        return
    init = one.methods.get("__init__")
    if makers and init is not None and init.node.args.vararg is not None:
        if stacked := _stacked(one, facts):
            yield stacked, makers
        return
    if makers:
        for made in ways(one, facts):
            yield made, makers


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
return _T.first(_model.{forward.name}({", ".join(arguments)}))
""",
        gradient=f"""\
_value = _T.value_of(_value_(_o, _v))
_T.begin()
_v = _O.copies(_v)
_model = _O.fill(_made(_o, _v), _v)
_before = _O.snapshot(_model)
_given = _model.{forward.name}({", ".join(arguments)})
_out, _cache = _T.first(_given), _T.cache_of(_given)
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


@dataclass(frozen=True, slots=True)
class _Kinds:
    """What a loss is given."""

    prediction: Kind
    truth: Kind
    shape: tuple[str | int, ...]
    axis: int = -1
    words: str = ""


_LOSSES = (
    _Kinds(Kind.PROBABILITIES, Kind.ONE_HOT, ("n", "C"), words="probabilities, one-hot labels"),
    _Kinds(Kind.PROBABILITIES, Kind.LABELS, ("n", "C"), words="probabilities, labels"),
    _Kinds(Kind.UNIT, Kind.BINARY, ("n", 1), words="probabilities (N, 1), binary labels"),
    _Kinds(Kind.UNIT, Kind.BINARY, ("n", "C"), words="probabilities (N, M), binary labels"),
    _Kinds(Kind.UNIT, Kind.BINARY, ("n",), words="probabilities (N,), binary labels"),
    _Kinds(Kind.REAL, Kind.ONE_HOT, ("n", "C"), words="scores, one-hot labels"),
    _Kinds(Kind.REAL, Kind.LABELS, ("n", "C"), words="scores, labels"),
    _Kinds(Kind.REAL, Kind.REAL, ("n", "C"), words="real numbers (N, M)"),
    _Kinds(Kind.REAL, Kind.REAL, ("n", 1), words="real numbers (N, 1)"),
    _Kinds(Kind.REAL, Kind.REAL, ("n",), words="real numbers (N,)"),
    _Kinds(Kind.REAL, Kind.SIGNS, ("n",), words="scores (N,), labels -1 and 1"),
    _Kinds(Kind.PROBABILITIES, Kind.ONE_HOT, ("C", "n"), 0, "probabilities (M, N), one-hot labels"),
)


def _kinds_for(text: str) -> list[_Kinds]:
    """What a loss may be given, in the order that its text speaks for."""

    def rank(kinds: _Kinds) -> int:
        points = 0
        logs, exponents = "log" in text, "exp" in text or "softmax" in text
        points -= 3 if (kinds.prediction is not Kind.REAL) == (logs and not exponents) else 0
        points -= 2 if (kinds.truth is Kind.LABELS) == bool(re.search(r"arange\(|range\(len|range\(", text)) else 0
        points -= 2 if (kinds.truth is Kind.BINARY) == bool(re.search(r"1\.?0? ?- ?(self\.)?(y|t)", text)) else 0
        points -= 2 if (kinds.truth is Kind.REAL) == (not logs) else 0
        return points

    return sorted(_LOSSES, key=rank)


def _of_loss(method: Function, one: Class, facts: Facts) -> Unit | None:
    """The gradient method of an object that compares predictions with the truth."""
    if not LOSS_GRADIENT.match(method.name.lower()) or forward_of(one) is not None:
        return None
    found = {plain(name.strip("_")): other for name, other in one.methods.items()}
    value = next((found[name] for name in LOSS_VALUE if name in found and found[name] is not method
                  and len(found[name].required) == 2 and not found[name].is_unfinished), None)  # fmt: skip
    if value is None:
        return None
    roles = {name: role_of(name) for name in value.required}
    if not (Role.LABELS in roles.values() or Role.PREDICTION in roles.values()):
        return None
    orders = _orders(value.required)
    needs = [p.name for p in method.parameters if not p.has_default]
    if len(needs) not in {0, 1, 2} or (len(needs) == 1 and role_of(needs[0]) is not Role.UPSTREAM):
        return None
    makers = _makers(one, facts, (method.name, value.name))
    text = "\n".join(ast.unparse(m.node) for m in one.methods.values() if m.owner == one.name)
    readings: list[Reading] = []
    for made in ways(makers[0], facts) if makers else ():
        for kinds, (p, t), way in product(_kinds_for(text), orders, ("one", "mean", "sum")):
            readings.append(_loss_reading(made, one, method, value, p, t, kinds, way))
    if not readings:
        return None
    return Unit(
        name=method.full_name,
        nature=Nature.LOSS,
        value_name=value.full_name,
        rule=f"{one.name}: a class with {value.name} of predictions and truth, and {method.name}",
        line=method.line,
        readings=tuple(readings[:72]),
        functions=tuple(m.full_name for m in one.methods.values() if m.is_own),
        returned=method.returns,
    )


def _orders(names: Sequence[str]) -> list[tuple[str, str]]:
    """(prediction, truth) of two arguments; both orders where their names do not tell."""
    first, second = names
    if role_of(first) is Role.LABELS and role_of(second) is not Role.LABELS:
        return [(second, first)]
    if role_of(second) is Role.LABELS and role_of(first) is not Role.LABELS:
        return [(first, second)]
    if role_of(second) is Role.PREDICTION and role_of(first) is not Role.PREDICTION:
        return [(second, first)]
    return [(first, second), (second, first)]


def _loss_reading(
    made: Made, one: Class, method: Function, value: Function, p: str, t: str, kinds: _Kinds, way: str
) -> Reading:
    truth_shape = kinds.shape[:1] if kinds.truth is Kind.LABELS else kinds.shape
    inputs = (
        Input(p, kinds.shape, kinds.prediction, axis=kinds.axis),
        Input(t, truth_shape, kinds.truth, axis=kinds.axis),
        SIZES,
    )
    arguments = []
    needs = [q.name for q in method.parameters if not q.has_default]
    if len(needs) == 1:
        arguments = ["1.0"]
    elif len(needs) == 2:
        if set(needs) == {p, t}:
            arguments = [f"{name}=_v[{name!r}]" for name in needs]
        else:
            order = _orders(needs)[0]
            arguments = [f"{order[0]}=_v[{p!r}]", f"{order[1]}=_v[{t!r}]"]
    options = {name: values[0] for name, values in made.options.items()}
    rows = "{" + ", ".join(f"{n!r}: {source}" for n, source in options.items()) + "}"
    check = "" if way == "one" else "_O.require(_O.np.size(_loss) > 1, 'a single loss')\n"
    is_flat = "" if way != "one" else "_O.require(_O.np.size(_loss) == 1, 'several losses')\n"
    return Reading(
        label=kinds.words,
        setup=f"""\
from _gradcheck_student import objects as _O
{maker(made, one)}
def _inputs(_o, _v):
    return {{}}
""",
        value=f"""\
_v = _O.copies(_v)
_model = _made(_o, _v)
_loss = _T.first(_model.{value.name}({p}=_v[{p!r}], {t}=_v[{t!r}]))
{check}{is_flat}return _O.scalar(_loss, {way!r})
""",
        gradient=f"""\
_value = _value_(_o, _v)
_v = _O.copies(_v)
_model = _made(_o, _v)
_before = _O.snapshot(_model)
_model.{value.name}({p}=_v[{p!r}], {t}=_v[{t!r}])
_returned = _model.{method.name}({", ".join(arguments)})
return _value, _O.gradients(_model, _before, _returned, {method.returns!r}, {{{p!r}: _v[{p!r}]}}, [])
""",
        parameters="return _O.settled(_o, _v, _inputs, _gradient_)",
        cases=(Case("", {"choices": f"[{rows}]"}, inputs),),
        wrt=(p,),
        assumed=() if way == "one" else (f"{value.name} gives one loss for each sample: their {way} was taken",),
    )


def _of_pair(method: Function, one: Class, facts: Facts) -> Unit | None:
    """Methods such as linear_forward and linear_backward, which take all that they need as arguments."""
    if not pairs.BACKWARD.search(method.name.lower()) or BACKWARD.match(method.name.lower()) or not method.parameters:
        return None
    together = Facts({**facts.functions, **one.methods}, facts.classes)
    forward = pairs.forward_of(method, together)
    if forward is None or forward.owner == "":
        return None
    made = next(ways(one, facts), None)
    unit = pairs.pair(method, forward, together)
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
