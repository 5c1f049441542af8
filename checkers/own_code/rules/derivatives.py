"""f and f_prime: activations entry by entry, and losses of a prediction and the truth, each beside its derivative."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from checkers.own_code.derivative_names import KNOWN, Pair, pairs_of
from checkers.own_code.facts import Class, Facts, Function
from checkers.own_code.inputs import Input, Kind, Length
from checkers.own_code.known_losses import promised_by
from checkers.own_code.loss_inputs import SHAPING, TRULY, cases, is_index, is_taken_from_one
from checkers.own_code.roles import NAMES, OPTIONS, Role, options_for, plain, role_of
from checkers.own_code.rules.losses import USES
from checkers.own_code.units import LossInputs, Nature, Reading, Unit

_BINARY = "-y * np.log(p) - (1 - y) * np.log(1 - p)"
KNOWN_LOSSES: Mapping[str, tuple[str, ...]] = {
    "squared": (
        "np.mean((p - y) ** 2)",
        "np.sum((p - y) ** 2)",
        "np.sum((p - y) ** 2) / 2",
        "np.mean((p - y) ** 2) / 2",
        "np.sum((p - y) ** 2) / len(p)",
        "np.sum((p - y) ** 2) / 2 / len(p)",
        "np.sum((p - y) ** 2) / np.shape(p)[-1]",
        "np.sum((p - y) ** 2) / 2 / np.shape(p)[-1]",
    ),
    "binary": (f"np.mean({_BINARY})", f"np.sum({_BINARY})", f"np.sum({_BINARY}) / len(p)"),
}
LOSS_PATTERNS = (
    (re.compile(r"^(mse|meansquarederrors?|squarederror|quadratic|l2)(loss|cost)?$"), "squared"),
    (re.compile(r"^(bce|binarycrossentropy|logloss)(loss|cost)?$"), "binary"),
)
SOFTMAX = "np.exp(z) / np.sum(np.exp(z), axis=-1, keepdims=True)"
SIGMOID = "1 / (1 + np.exp(-z))"


def find(facts: Facts) -> Iterator[Unit]:
    """Every derivative of the file's functions and of its classes' methods."""
    for function in facts.own:
        yield from _units(function, list(facts.functions.values()), facts, None)
    for one in facts.own_classes:
        for method in one.methods.values():
            if method.owner == one.name and method.is_own and not _keeps_state(method):
                yield from _units(method, list(one.methods.values()), facts, one)


def _keeps_state(method: Function) -> bool:
    return any(
        isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node.value) == "self"
        for node in ast.walk(method.node)
    )


def _units(function: Function, scope: Sequence[Function], facts: Facts, owner: Class | None) -> Iterator[Unit]:
    if USES.search(function.name.lower()):
        return
    for pair in pairs_of(function, scope, owner):
        unit = _unit(pair, facts)
        if unit is not None:
            yield unit
            return


# Units ------------------------------------------------------------------------------------------------------------


def _unit(pair: Pair, facts: Facts) -> Unit | None:
    model = pair.value or pair.gradient
    arrays = [name for name in model.required if not _is_scalar_option(model, name) and name != pair.flag]
    if model.parameters and not arrays:
        arrays = [model.names[0]]
    if len(arrays) == 1 and role_of(arrays[0]) is not Role.PARAMETERS:
        readings = list(_entrywise(pair, arrays[0]))
    elif len(arrays) == 2 and not any(role_of(name) in {Role.WEIGHTS, Role.PARAMETERS} for name in arrays):
        readings = list(_losses(pair, arrays, facts))
    else:
        return None
    if not readings:
        return None
    is_layer = len(arrays) == 1 and "softmax" in pair.base
    told = pair.value.full_name if pair.value else pair.base
    nature = Nature.LAYER if is_layer else Nature.ELEMENTWISE if len(arrays) == 1 else Nature.LOSS
    return Unit(
        name=pair.gradient.full_name,
        nature=nature,
        value_name=told,
        rule=(
            f"{pair.gradient.full_name} with {pair.flag} = True: the derivative of the same function"
            if pair.flag
            else f"{told} and {pair.gradient.full_name}: a function and its derivative, by their names"
        ),
        line=pair.gradient.line,
        readings=tuple(readings),
        functions=tuple(dict.fromkeys(one.full_name for one in (pair.value, pair.gradient) if one is not None)),
        returned=pair.gradient.returns,
        known=promised_by(pair.value.name) if pair.value and len(arrays) == 2 else None,
    )


def _is_scalar_option(function: Function, name: str) -> bool:
    whole = plain(name)
    return (
        bool(function.options_of(name))
        or (whole in OPTIONS and whole not in {"p", "k", "f", "g", "train"})
        or (role_of(name) is Role.REGULARISATION)
    )


def _options(pair: Pair, array: Sequence[str]) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Options of the function and of the derivative: one that both take has one value in both."""
    value, gradient = pair.value, pair.gradient
    of_value: dict[str, tuple[str, ...]] = {}
    of_gradient: dict[str, tuple[str, ...]] = {}
    for function, found in ((value, of_value), (gradient, of_gradient)):
        for parameter in function.parameters if function else ():
            name = parameter.name
            if name in array or name == pair.flag:
                continue
            texts = tuple(t for t in (function.options_of(name) if function else ()) if "softmax" not in t.lower())
            if texts:
                found[name] = tuple(repr(text) for text in texts)
            elif parameter.default is not None:
                found[name] = _around(name, parameter.default)
            elif function is not None and _is_scalar_option(function, name):
                found[name] = (*(options_for(function, name) or ("0.3",))[:1], "0.37")
    for name in set(of_value) & set(of_gradient):
        both = of_value[name] if of_value[name] == of_gradient[name] else of_value[name] or of_gradient[name]
        of_value[name] = of_gradient[name] = both
    # What one function alone takes keeps its default; without one, it has a value all the same.
    for function, found, other in ((value, of_value, of_gradient), (gradient, of_gradient, of_value)):
        for name in list(found):
            if name not in other:
                if function is not None and name in function.required:
                    found[name] = found[name][:1]
                else:
                    del found[name]
    return ({n: v for n, v in of_value.items() if v}, {n: v for n, v in of_gradient.items() if v})


def _around(name: str, default: str) -> tuple[str, ...]:
    """A default, and another value where that must be right, too."""
    try:
        value = float(ast.literal_eval(default))
    except (ValueError, TypeError, SyntaxError):
        return ()
    return (default, repr(round(0.8 * value + 0.05, 4))) if plain(name) in SHAPING else ()


def _arguments(names: Mapping[str, str], options: Mapping[str, tuple[str, ...]], flag: str, on: bool) -> str:
    parts = [f"{name}={text}" for name, text in names.items()]
    parts += [f"{name}=_o[{name!r}]" for name in options]
    if flag:
        parts.append(f"{flag}={on}")
    return ", ".join(parts)


# Entry by entry ---------------------------------------------------------------------------------------------------


def _entrywise(pair: Pair, array: str) -> Iterator[Reading]:
    gradient = pair.gradient
    place = next((name for name in gradient.names if name == array), gradient.names[0])
    options = _options(pair, [array, place])
    rest = [n for n in gradient.required if n not in {place, pair.flag} and n not in options[1]]
    names = {place: "_t"} | {name: "None" if name not in gradient.used_names else "_f(_t)" for name in rest}
    prime = f"{pair.calls[1]}({_arguments(names, options[1], pair.flag, True)})"
    if pair.value is not None:
        formulas = [(f"{pair.calls[0]}({_arguments({array: '_t'}, options[0], pair.flag, False)})", "")]
    else:
        formulas = [(text.replace("z", "_t").replace("_teros", "zeros"), text) for text in KNOWN.get(pair.base, ())]
    merged = {**options[1], **options[0]}
    of_softmax = "softmax" in pair.base
    for formula, known in formulas:
        assumed = (
            (f"{pair.base} is not in the file, so {pair.base}(z) = {known.replace('np.', '')} was taken",)
            if known
            else ()
        )
        setup = (
            f"{pair.setup}\nimport numpy as np\ndef _f(_t):\n    return {formula}\ndef _prime(_t):\n    return {prime}"
        )
        for one in _jacobians(array) if of_softmax else _entries(array):
            yield Reading(
                label=one.label.format(f=pair.value.name if pair.value else pair.base, prime=gradient.name, z=array),
                value=one.value.format(z=array),
                gradient=one.gradient.format(z=array),
                cases=cases(merged, one.inputs),
                setup=setup,
                wrt=(array,),
                assumed=(*assumed, *(text.format(prime=gradient.name, f=pair.base, z=place) for text in one.assumed)),
                is_last_resort=one.is_last_resort,
            )


@dataclass(frozen=True, slots=True)
class _Form:
    """A way to call an activation and its derivative."""

    label: str
    value: str
    gradient: str
    inputs: tuple[Input, ...]
    assumed: tuple[str, ...] = ()
    is_last_resort: bool = False


_OF_ACTIVATION = ("{prime} takes the value of the activation: it is called with a = {f}(z) as {z}",)


def _entries(z: str) -> Iterator[_Form]:
    """Of arrays entry by entry, or of a vector to one number; of z or of the activation's value."""
    value = "return _f(_T.fresh(_v)[{z!r}])"
    of_z = "return _T.entrywise(_f, _v[{z!r}]), _prime(_T.fresh(_v)[{z!r}])"
    of_a = "_a = _T.entrywise(_f, _v[{z!r}])\nreturn _a, _prime(np.array(_a))"
    array = (Input(z, ("K", "D"), Kind.WIDE),)
    yield _Form("{prime}({z})", value, of_z, array)
    yield _Form("{prime}({f}({z}))", value, of_a, array, _OF_ACTIVATION)
    number = "return _T.number(_f(_T.fresh(_v)[{z!r}]))"
    both = "return _T.number(_f(_T.fresh(_v)[{z!r}])), _prime(_T.fresh(_v)[{z!r}])"
    numbers: tuple[tuple[Length, ...], ...] = (("n", "D"), ("n",), (2,), (3,))
    for shape in numbers:
        yield _Form(f"{{z}} {_told(shape)}", number, both, (Input(z, shape),))
    vectors: tuple[tuple[Length, ...], ...] = (("n",), ("n", 1))
    for shape in vectors:
        vector = (Input(z, shape, Kind.WIDE),)
        yield _Form(f"{{prime}}({{z}}), {{z}} {_told(shape)}", value, of_z, vector, is_last_resort=True)
        yield _Form(f"{{prime}}({{f}}({{z}})), {{z}} {_told(shape)}", value, of_a, vector, _OF_ACTIVATION, True)
    positive = (Input(z, ("K", "D"), Kind.POSITIVE),)
    yield _Form("{prime}({z}), {z} > 0", value, of_z, positive, is_last_resort=True)
    single = "return _T.one_by_one(_f, _v[{z!r}])"
    yield _Form(
        "{prime}({z}), a number", single, single + ", _T.one_by_one(_prime, _v[{z!r}])", array, is_last_resort=True
    )
    text = "_a = _T.one_by_one(_f, _v[{z!r}])\nreturn _a, _T.one_by_one(_prime, _a)"
    yield _Form("{prime}({f}({z})), a number", single, text, array, _OF_ACTIVATION, True)


def _jacobians(z: str) -> Iterator[_Form]:
    """Softmax: the derivative is a Jacobian, of one vector or of each row; its diagonal alone is not judged."""
    shapes: tuple[tuple[Length, ...], ...] = (("C",), ("n", "C"), (1, "C"), ("C", 1))
    for shape in shapes:
        value = "return _f(_T.fresh(_v)[{z!r}])"
        inputs = (Input(z, shape),)
        of_z = "_a = _T.value_of(_f(_T.fresh(_v)[{z!r}]))\nreturn _a, _T.along(_prime(_T.fresh(_v)[{z!r}]), _u)"
        of_a = "_a = _T.value_of(_f(_T.fresh(_v)[{z!r}]))\nreturn _a, _T.along(_prime(np.array(_a)), _u)"
        yield _Form(f"{{prime}}({{z}}), {{z}} {_told(shape)}", value, of_z, inputs, ("{prime} gives a Jacobian",))
        yield _Form(f"{{prime}}({{f}}({{z}})), {{z}} {_told(shape)}", value, of_a, inputs, _OF_ACTIVATION)


def _told(shape: Sequence[Length]) -> str:
    letters = {"n": "N", "C": "M", "K": "C", "P": "C"}
    parts = [letters.get(one, one) if isinstance(one, str) else str(one) for one in shape]
    return f"({', '.join(parts)}{',' * (len(parts) == 1)})"


# Losses of a prediction and the truth -------------------------------------------------------------------------------


def _losses(pair: Pair, arrays: Sequence[str], facts: Facts) -> Iterator[Reading]:
    gradient, value = pair.gradient, pair.value
    known = () if value else next((KNOWN_LOSSES[kind] for one, kind in LOSS_PATTERNS if one.match(pair.base)), ())
    if value is None and not known and pair.base in {"cost", "loss"}:
        known = KNOWN_LOSSES["squared"]
    if value is None and not known:
        return
    mapped = _mapped(gradient, arrays, pair.flag)
    if mapped is None:
        return
    for predicted, truth in _which_is_predicted(arrays, is_divergence=pair.base.startswith("kl")):
        options = _options(pair, [*arrays, *gradient.names[: len(arrays)]] if not pair.flag else arrays)
        call = {name: f"_{'p' if of == predicted else 'y' if of == truth else 'z'}" for name, of in mapped.items()}
        prime = f"{pair.calls[1]}({_arguments(call, options[1], pair.flag, True)})"
        texts = [(f"{pair.calls[0]}({_arguments({predicted: '_p', truth: '_y'}, options[0], pair.flag, False)})", "")]
        if value is None:
            texts = [(re.sub(r"\b([py])\b", r"_\1", text), text) for text in known]
        for text, formula in texts:
            setup = (
                f"{pair.setup}\nimport numpy as np\ndef _f(_p, _y):\n    return {text}\n"
                f"def _prime(_p, _y, _z=None):\n    return {prime}\n"
                f"def _softmax(z):\n    return {SOFTMAX}\ndef _sigmoid(z):\n    return {_own_sigmoid(facts)}"
            )
            assumed = (f"{pair.base} is not in the file, so {formula.replace('np.', '')} was taken",) if formula else ()
            takes_z = any(of == "" for of in mapped.values())
            merged = {**options[1], **options[0]}
            found = _loss_readings(pair, predicted, truth, setup, merged, assumed, facts, takes_z)
            # A known loss comes in many scalings: each as it is usually called.
            yield from found if value is not None else islice(found, 1)


def _mapped(gradient: Function, arrays: Sequence[str], flag: str) -> dict[str, str] | None:
    """The derivative's arguments -> the function's; "" for the pre-activation in delta(z, a, y)."""
    required = [name for name in gradient.required if name != flag and not _is_scalar_option(gradient, name)]
    if len(required) < len(arrays):
        required = [name for name in gradient.names if name != flag][: len(arrays)]
    if set(arrays) <= set(required):
        rest = [name for name in required if name not in arrays]
        return {**{name: name for name in arrays}, **dict.fromkeys(rest, "")} if len(rest) <= 1 else None
    if len(required) != len(arrays):
        return None
    one, other = ([_rank(name) for name in names] for names in (required, arrays))
    if sorted(one) == sorted(other) and len(set(one)) == len(one):
        return {required[one.index(rank)]: arrays[other.index(rank)] for rank in one}
    return dict(zip(required, arrays, strict=True))


def _rank(name: str) -> int:
    """How much a name is that of the truth: above 0 the truth, below 0 the prediction."""
    whole = plain(name)
    if role_of(name) is Role.PREDICTION or whole in {"a", "z", "x", "yp", "yh", "o", "out", "logits", "p"}:
        return -1
    if re.search(r"(pred|hat|out|prob|logit|score|estim|guess|fit$)", whole) and not TRULY.search(whole):
        return -1 if whole != "yfit" else 1
    if TRULY.search(whole):
        return 2
    return 1 if whole in NAMES[Role.LABELS] or whole.startswith("y") else 0


def _which_is_predicted(arrays: Sequence[str], is_divergence: bool = False) -> list[tuple[str, str]]:
    """(prediction, truth), by the names; both ways where these do not tell.

    Args:
        is_divergence: one of two distributions, of which p is the true one as often as not.
    """
    one, other = arrays
    ranks = _rank(one), _rank(other)
    if ranks[0] == ranks[1] or (is_divergence and max(ranks) <= 0):
        return [(other, one), (one, other)]
    return [(one, other)] if ranks[0] < ranks[1] else [(other, one)]


def _own_sigmoid(facts: Facts) -> str:
    own = facts.functions.get("sigmoid")
    return "sigmoid(z)" if own is not None and len(own.required) == 1 else SIGMOID


_TRIED: tuple[tuple[Kind, Kind], ...] = (
    (Kind.REAL, Kind.REAL),
    (Kind.UNIT, Kind.BINARY),
    (Kind.PROBABILITIES, Kind.ONE_HOT),
    (Kind.UNIT, Kind.REAL),
    (Kind.REAL, Kind.ONE_HOT),
    (Kind.REAL, Kind.BINARY),
    (Kind.REAL, Kind.SIGNS),
)


def _loss_readings(
    pair: Pair,
    predicted: str,
    truth: str,
    setup: str,
    options: Mapping[str, tuple[str, ...]],
    assumed: tuple[str, ...],
    facts: Facts,
    takes_z: bool,
) -> Iterator[Reading]:
    text = ast.unparse(pair.value.node).lower() if pair.value else "".join(assumed)
    of_chances = bool(re.search(r"\blog\(|\.log[12]", text)) and not re.search(
        r"exp\(|softmax|sigmoid|cosh|logistic", text
    )
    told = f"{predicted} is the prediction, {truth} the truth"
    by_index = (pair.value is not None and is_index(pair.value, facts, truth)) or is_index(pair.gradient, facts, truth)
    kinds = [one for one in _TRIED if not (of_chances and one[0] is Kind.REAL)]
    is_binary = pair.value is not None and is_taken_from_one(pair.value, truth)
    if of_chances and not is_binary:
        kinds.sort(key=lambda one: one[0] is not Kind.PROBABILITIES)
    elif not of_chances:
        kinds.sort(key=lambda one: one[0] is not Kind.REAL)
    if pair.base.startswith("kl"):
        kinds.insert(0, (Kind.PROBABILITIES, Kind.PROBABILITIES))  # the logarithm of the truth is taken
    if by_index:
        kinds = [(Kind.PROBABILITIES if of_chances else Kind.REAL, Kind.LABELS)]

    def reading(
        p: Kind, y: Kind, shape: tuple[Length, ...], form: str, said: tuple[str, ...] = (), last: bool = False
    ) -> Reading:
        squash = {"softmax": "_softmax(_v['z'])", "sigmoid": "_sigmoid(_v['z'])"}.get(form, f"_v[{predicted!r}]")
        z = "np.array(_v['z'])" if form in {"softmax", "sigmoid"} else "None"
        wrap = {"mean": "_T.mean_of", "single": ""}.get(form, "_T.total")
        pair_text = f"np.array({squash}), np.array(_v[{truth!r}])"
        name = "z" if form in {"softmax", "sigmoid"} else predicted
        axis = 0 if shape in {("C", "n"), ("C", 1)} else -1
        inputs = (
            Input(name, shape, p, axis=axis),
            Input(truth, shape[:1] if y is Kind.LABELS else shape, y, axis=axis),
        )
        value, prime = f"{wrap}(_f({pair_text}))", f"_prime({pair_text}, {z})"
        if form == "single":
            value = f"_T.one_by_one(_f, {pair_text}).sum()"
            prime = f"_T.one_by_one(_prime, {pair_text})"
        known = (
            None
            if form in {"softmax", "sigmoid", "mean", "single"}
            else _known_inputs(pair, predicted, truth, of_chances)
        )
        return Reading(
            label=f"{name} {_told(shape)}, {truth} {_told(inputs[1].shape)}{_kinds(name, p, truth, y)}",
            value=f"return {value}",
            gradient=f"_loss = {value}\nreturn _loss, {prime}",
            cases=cases(options, inputs),
            setup=setup,
            wrt=(name,),
            assumed=(*assumed, told, *said),
            is_last_resort=last,
            loss=known,
        )

    combined = {
        "softmax": f"{predicted} = softmax(z): the derivative is with respect to z, softmax and loss taken together",
        "sigmoid": f"{predicted} = sigmoid(z): the derivative is with respect to z, sigmoid and loss taken together",
    }

    def wide(p: Kind, y: Kind) -> tuple[Length, ...]:
        """Several classes where scores may be compared; else few columns, since every entry is measured."""
        return ("n", "C") if p is Kind.REAL and y in {Kind.ONE_HOT, Kind.LABELS} else ("n", "P")

    if takes_z:
        yield reading(Kind.REAL, Kind.BINARY, wide(Kind.REAL, Kind.BINARY), "sigmoid", (combined["sigmoid"],))
        yield reading(Kind.REAL, Kind.ONE_HOT, wide(Kind.REAL, Kind.ONE_HOT), "softmax", (combined["softmax"],))
        return
    for p, y in kinds:
        yield reading(p, y, wide(p, y), "")
    for p, y in kinds[:2]:
        said = ("a loss is returned for each sample, and the derivative is that of their mean",)
        yield reading(p, y, wide(p, y), "mean", said)
    if of_chances:
        truths = Kind.LABELS if by_index else Kind.ONE_HOT
        yield reading(Kind.REAL, truths, wide(Kind.REAL, truths), "softmax", (combined["softmax"],))
        yield reading(Kind.REAL, Kind.BINARY, wide(Kind.REAL, Kind.BINARY), "sigmoid", (combined["sigmoid"],))
    yield from (reading(p, y, ("C", "n"), "") for p, y in kinds[:3] if _sums_rows(pair.value, facts))
    shapes: tuple[tuple[Length, ...], ...] = (("n",), ("n", 1), ("C", 1))
    for shape in shapes:
        for p, y in kinds[:2]:
            if shape == ("n", 1) and {p, y} & {Kind.PROBABILITIES, Kind.ONE_HOT}:
                continue  # a single class has the probability 1
            # Of two classes one number is predicted, so the samples may be counted for the entries.
            yield reading(p, y, shape, "", last=not (is_binary and of_chances and shape[0] == "n"))
    for p, y in kinds[:2]:
        yield reading(p, y, ("n",), "single", last=True)


def _sums_rows(value: Function | None, facts: Facts) -> bool:
    """Does a function, or one that it calls, sum over the first axis, so that samples may be columns?"""
    if value is None:
        return False
    involved = [value, *(facts.functions[name] for name in value.calls if name in facts.functions)]
    return any(re.search(r"axis\s*=\s*0", ast.unparse(one.node)) for one in involved)


def _known_inputs(pair: Pair, predicted: str, truth: str, of_chances: bool) -> LossInputs | None:
    if pair.value is None:
        return None
    calls = pair.value.calls | pair.value.used_names
    squashes = any(re.search("softmax|sigmoid|exp$", name.lower()) for name in calls)
    return (
        LossInputs(truth, scores=predicted) if squashes and not of_chances else LossInputs(truth, prediction=predicted)
    )


def _kinds(name: str, p: Kind, truth: str, y: Kind) -> str:
    words = {
        Kind.UNIT: "between 0 and 1",
        Kind.PROBABILITIES: "probabilities",
        Kind.ONE_HOT: "one-hot",
        Kind.BINARY: "0 or 1",
        Kind.SIGNS: "-1 or 1",
        Kind.LABELS: "class numbers",
    }
    told = [f"{one} {words[kind]}" for one, kind in ((name, p), (truth, y)) if kind in words]
    return f"; {', '.join(told)}" if told else ""
