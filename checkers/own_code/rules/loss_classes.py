"""Losses that are objects: loss(prediction, truth) and its gradient."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from checkers.own_code.facts import Class, Facts, Function
from checkers.own_code.inputs import Input, Kind
from checkers.own_code.roles import Role, plain, role_of
from checkers.own_code.units import Case, Nature, Reading, Unit

from .constructors import Made, makers, ways
from .model_classes import SIZES, forward_of, maker

LOSS_GRADIENT = re.compile(
    r"^_*(back(ward)?(_?(pass|prop(agat(e|ion))?))?|bprop|grad(ient)?s?|d?deriv(ative)?|delta|prime|d|dloss"
    r"|(compute|loss|get)_?(grad(ient)?s?|deriv(ative)?|prime))$"
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


def of_loss(method: Function, one: Class, facts: Facts) -> Unit | None:
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
    heirs = makers(one, facts, (method.name, value.name))
    text = "\n".join(ast.unparse(m.node) for m in one.methods.values() if m.owner == one.name)
    readings: list[Reading] = []
    for made in ways(heirs[0], facts) if heirs else ():
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
