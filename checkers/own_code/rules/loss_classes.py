"""Losses that are objects: loss(prediction, truth) and its gradient."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from checkers.own_code.facts import Class, Facts, Function, own_nodes
from checkers.own_code.inputs import Input, Kind
from checkers.own_code.roles import Role, plain, role_of
from checkers.own_code.units import Allowance, Case, Nature, Reading, Unit

from .constructors import Made, makers, ways
from .model_classes import SIZES, forward_of, maker
from .softmax_layers import Softmax, hands_back, layers_that_hand_back, softmaxes

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

# In front of a softmax.
_SCORES = (
    _Kinds(Kind.REAL, Kind.ONE_HOT, ("C", "n"), 0, "scores (M, N), one-hot labels"),
    _Kinds(Kind.REAL, Kind.ONE_HOT, ("n", "C"), words="scores (N, M), one-hot labels"),
    _Kinds(Kind.REAL, Kind.LABELS, ("n", "C"), words="scores (N, M), labels"),
    _Kinds(Kind.REAL, Kind.LABELS, ("C", "n"), 0, words="scores (M, N), labels"),
    _Kinds(Kind.REAL, Kind.ONE_HOT, ("C", 1), 0, "scores (M, 1), one-hot labels"),
    _Kinds(Kind.REAL, Kind.ONE_HOT, ("C",), words="scores (M,), one-hot labels"),
)
WAYS = ("one", "mean", "sum")
MOST_READINGS = 72

# A division by the number of samples, or a mean in its place: / len(dvalues), / x.shape[0], np.mean(dvalues, axis=0).
SHARED = re.compile(
    r"/=? \(?(self\.)?((num|n|number_of)?_?(samples?|batch(_?size)?|examples)|m|n)\b"
    r"|/=? \(?(len\(|[\w.]+\.(shape|size)\b)|\bmean\((d|grad|delta)"
)
LEFT_TO_LAYERS = Allowance(("*",), "n", "1/n is left to the gradients with respect to the layers' parameters", power=1)


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


@dataclass(frozen=True, slots=True)
class _Loss:
    """An object that compares predictions with the truth, and its gradient method."""

    one: Class
    method: Function
    value: Function

    @property
    def text(self) -> str:
        """Of its class."""
        return "\n".join(ast.unparse(m.node) for m in self.one.methods.values() if m.owner == self.one.name)

    @property
    def takes_logarithms(self) -> bool:
        """Does it look like a cross-entropy?"""
        return re.search(r"log|entropy|nll|likelihood", self.text, re.IGNORECASE) is not None


def of_loss(method: Function, one: Class, facts: Facts) -> Unit | None:
    """The gradient method of an object that compares predictions with the truth.

    In a file with a softmax that nothing else differentiates, its gradient may be that by the softmax's input. Where
    the softmax is a layer that hands gradients back as they are, it is wrong only if the pair is.
    """
    loss = _loss_of(method, one)
    readings = _alone(loss, facts) if loss is not None else []
    if loss is None or not readings:
        return None
    before = softmaxes(facts) if loss.takes_logarithms else []
    pairs = [reading for softmax in before for reading in _behind(loss, softmax, facts)]
    layers = [one.name for one, _ in layers_that_hand_back(facts)] if loss.takes_logarithms else []
    if layers:
        said = "it was checked by itself, without the softmax before it"  # so that an exception there proves nothing
        by_itself = [replace(one, is_guess=True, assumed=(*one.assumed, said)) for one in readings]
        readings = [*pairs, *by_itself]
    else:
        readings += [replace(reading, is_guess=True) for reading in pairs]
    return Unit(
        name=method.full_name,
        nature=Nature.LOSS,
        value_name=loss.value.full_name,
        rule=f"{one.name}: a class with {loss.value.name} of predictions and truth, and {method.name}",
        line=method.line,
        readings=tuple(readings),
        functions=tuple(m.full_name for m in one.methods.values() if m.is_own),
        returned=method.returns,
        left_alone=f"no way to check it behind {layers[0]}, whose backward hands its gradient on, was found"
        if layers
        else "",
    )


def of_softmax(method: Function, one: Class, facts: Facts) -> Unit | None:
    """The backward of a softmax layer that hands gradients back as they are, checked behind every loss of the file."""
    if not hands_back(method, one):
        return None
    losses = [_loss_of(other, loss) for loss in facts.classes.values() for other in loss.methods.values()]
    readings = [
        replace(reading, is_guess=True)
        for softmax in softmaxes(facts)
        for loss in losses
        if softmax.name.startswith(f"{one.name}.") and loss is not None and loss.takes_logarithms
        for reading in _behind(loss, softmax, facts)
    ]
    if not readings:
        return None
    return Unit(
        name=method.full_name,
        nature=Nature.LOSS,
        value_name=f"the loss behind {one.name}",
        rule=f"{one.name}: a softmax whose {method.name} returns the upstream gradient as it is",
        line=method.line,
        readings=tuple(readings),
        functions=tuple(m.full_name for m in one.methods.values() if m.is_own),
        returned=method.returns,
    )


def _loss_of(method: Function, one: Class) -> _Loss | None:
    if not LOSS_GRADIENT.match(method.name.lower()) or forward_of(one) is not None:
        return None
    found = {plain(name.strip("_")): other for name, other in one.methods.items()}
    value = next((found[name] for name in LOSS_VALUE if name in found and found[name] is not method
                  and len(found[name].required) == 2 and not found[name].is_unfinished), None)  # fmt: skip
    if value is None or not {role_of(name) for name in value.required} & {Role.LABELS, Role.PREDICTION}:
        return None
    needs = [p.name for p in method.parameters if not p.has_default]
    if len(needs) > 2 or (len(needs) == 1 and role_of(needs[0]) not in {Role.UPSTREAM, Role.LABELS}):
        return None
    return _Loss(one, method, value)


def _ways(loss: _Loss, facts: Facts) -> Iterator[Made]:
    heirs = makers(loss.one, facts, (loss.method.name, loss.value.name))
    return ways(heirs[0], facts) if heirs else iter(())


def _alone(loss: _Loss, facts: Facts) -> list[Reading]:
    """Readings of a loss whose gradient is by its own input."""
    allowances = (LEFT_TO_LAYERS,) if _is_divided_later(loss, facts) else ()
    every = product(_ways(loss, facts), _kinds_for(loss.text), _orders(loss.value.required), _averages(loss))
    readings = [
        replace(reading, allowances=allowances if kinds.shape[0] == "n" else ())
        for made, kinds, order, way in every
        for is_kept in _handed(loss, kinds)
        for reading in [_loss_reading(made, loss, *order, kinds, way, is_kept=is_kept)]
    ]
    return readings[:MOST_READINGS]


def _averages(loss: _Loss) -> tuple[str, ...]:
    """What losses of the samples may be made one by: what the class itself does with them counts."""
    callers = [m for m in loss.one.methods.values() if m is not loss.value and loss.value.name in m.calls]
    takes_mean = any(re.search(r"\b(mean|average)\(", ast.unparse(caller.node)) for caller in callers)
    return ("one", "mean") if takes_mean else WAYS


def _is_divided_later(loss: _Loss, facts: Facts) -> bool:
    """Does something else than losses divide by the number of samples: self.dweights = x.T @ dvalues / len(x)?"""
    others = [m for c in facts.own_classes if c.name != loss.one.name for m in c.methods.values()]
    return any(
        SHARED.search(ast.unparse(function.node))
        for function in (*facts.own, *others)
        if not any(role_of(name) is Role.LABELS for name in function.names)
    )


def _handed(loss: _Loss, kinds: _Kinds) -> tuple[bool, ...]:
    """Is the gradient method given the predictions that the loss has kept? Likeliest first."""
    needs, value = loss.method.required, loss.value
    is_same = len(needs) != 2 or set(needs) == set(value.required)
    if kinds.prediction is not Kind.REAL or is_same or not _keeps(value):
        return (False,)
    return (True, False) if re.search(r"softmax|sigmoid|activation|exp\(", loss.text.lower()) else (False, True)


def _keeps(value: Function) -> bool:
    """Does a loss keep what it predicts, or let a layer of its own do so?"""
    stored = (node for node in own_nodes(value.node) if isinstance(node, ast.Attribute))
    return "forward" in value.calls or any(isinstance(node.ctx, ast.Store) for node in stored)


def _behind(loss: _Loss, softmax: Softmax, facts: Facts) -> list[Reading]:
    """Readings of a loss whose gradient is by the input of a softmax."""
    every = product(islice(_ways(loss, facts), 1), _SCORES, _orders(loss.value.required), WAYS)
    return [_loss_reading(made, loss, *order, kinds, way, softmax) for made, kinds, order, way in every]


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
    made: Made,
    loss: _Loss,
    p: str,
    t: str,
    kinds: _Kinds,
    way: str,
    softmax: Softmax | None = None,
    is_kept: bool = False,
) -> Reading:
    """A way to understand a loss.

    Args:
        is_kept: its gradient method is given not what the loss is, but the predictions that it made and kept.
    """
    method, value = loss.method, loss.value
    at = p if softmax is None else "z"
    sample_axis = kinds.shape[1:] if kinds.axis == 0 else kinds.shape[:-1]
    truth_shape = sample_axis if kinds.truth is Kind.LABELS else kinds.shape
    inputs = (
        Input(at, kinds.shape, kinds.prediction, axis=kinds.axis),
        Input(t, truth_shape, kinds.truth, axis=kinds.axis),
        SIZES,
    )
    arguments = []
    needs = [q.name for q in method.parameters if not q.has_default]
    if len(needs) == 1:
        arguments = [f"{needs[0]}=_v[{t!r}]" if role_of(needs[0]) is Role.LABELS else "1.0"]
    elif len(needs) == 2:
        if set(needs) == {p, t}:
            arguments = [f"{name}=_v[{name!r}]" for name in needs]
        else:
            order = _orders(needs)[0]
            kept = f"_K.output(_model, _before, None, _v[{p!r}])"
            arguments = [f"{order[0]}={kept if is_kept else f'_v[{p!r}]'}", f"{order[1]}=_v[{t!r}]"]
    options = {name: values[0] for name, values in made.options.items()}
    rows = "{" + ", ".join(f"{n!r}: {source}" for n, source in options.items()) + "}"
    check = "" if way == "one" else "_O.require(_O.np.size(_loss) > 1, 'a single loss')\n"
    is_flat = "" if way != "one" else "_O.require(_O.np.size(_loss) == 1, 'several losses')\n"
    predict = "" if softmax is None else f"_v = {{**_v, {p!r}: _predicted(_v, {kinds.axis})}}\n"
    given = "_given" if softmax is None else f"_given and {{'z': _handed_back(_given[{p!r}])}}"
    assumed = [] if way == "one" else [f"{value.name} gives one loss for each sample: their {way} was taken"]
    if softmax is not None:
        pair = f"{loss.one.name} and {softmax.name.partition('.')[0]} were checked as a pair"
        assumed.append(f"{pair}: the gradient is with respect to the softmax's input")
    return Reading(
        label=kinds.words,
        setup=f"""\
from _gradcheck_student import kept as _K, objects as _O
{maker(made, loss.one)}
def _inputs(_o, _v):
    return {{}}
{"" if softmax is None else softmax.setup}
""",
        value=f"""\
_v = _O.copies(_v)
{predict}_model = _made(_o, _v)
_loss = _T.first(_model.{value.name}({p}=_v[{p!r}], {t}=_v[{t!r}]))
{check}{is_flat}return _O.scalar(_loss, {way!r})
""",
        gradient=f"""\
_value = _value_(_o, _v)
_v = _O.copies(_v)
{predict}_model = _made(_o, _v)
_before = _O.snapshot(_model)
_model.{value.name}({p}=_v[{p!r}], {t}=_v[{t!r}])
_returned = _model.{method.name}({", ".join(arguments)})
_given = _O.gradients(_model, _before, _returned, {method.returns!r}, {{{p!r}: _v[{p!r}]}}, [])
return _value, {given}
""",
        parameters="return _O.settled(_o, _v, _inputs, _gradient_)",
        cases=(Case("", {"choices": f"[{rows}]"}, inputs),),
        wrt=(at,),
        assumed=tuple(assumed),
        is_last_resort=softmax is not None and "n" not in kinds.shape,
    )
