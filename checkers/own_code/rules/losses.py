"""Loss functions that return their gradient as well, and pairs of a loss and a gradient of the same arguments."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from checkers.own_code.claims import is_gradient_name
from checkers.own_code.facts import Facts, Function
from checkers.own_code.inputs import Input, Kind
from checkers.own_code.known_losses import promised_by
from checkers.own_code.loss_inputs import Arguments, Layout, arguments_of, cases, kinds_of_labels, layouts
from checkers.own_code.roles import Role, describe, is_maximised, plain, role_of
from checkers.own_code.strength import Strength, is_strength, strengths
from checkers.own_code.units import Nature, Reading, Unit

LOSS_NAME = re.compile(
    r"(loss|cost|objective|nll|likelihood|energy|criterion|error|erro$|erreur|fehler|entropy|mse|least_?sq|hinge|logistic|regression"
    r"|perceptron|elastic|ridge|lasso|svm|softmax|penalty|risk|^bce|^j$|^f$|^fn$|^e$|^l$|verlies|perte|custo|coste|chyba)"
)
GRADIENT_NAME = re.compile(
    r"(grad|deriv|prime$|jacob|^d_?(l|j|e|w|loss|cost)|delta|nabla|ableitung|backward|backprop|dloss|dcost)"
)
NO_LOSS = re.compile(r"(hess|predict|accuracy|sigmoid|softmax$|score)")
# Names of what uses gradients or tests them.
USES = re.compile(
    r"(descent|train|fit|optimi|step|update|sgd|adam|numeric|approx|check|test|predict|accuracy|plot|load|learn|^run|main"
    r"|finite|eval_num|momentum|newton|search|init)"
)
# What a return statement calls the loss.
LOSS_TEXT = re.compile(
    r"^(total_?|data_?|avg_?|mean_?)?(loss(es)?|cost|j|obj(ective)?|f|e|error|err|l|energy|nll|value|val|j_?reg|ce)\d?$"
)
MOST_READINGS = 25
MOST_LOSSES = 3  # that one gradient is held against
FORWARD = re.compile(r"(forward|fwd|fprop)")  # what stands beside the loss is a cache
WORD = re.compile(r"(vec|vector|vectors|vecs|embedding|embeddings)$")


def find(facts: Facts) -> Iterator[Unit]:
    """Every function of the file that returns a loss with gradients, or gradients of another function's loss."""
    for function in functions_of(facts):
        if USES.search(function.name.lower()) or (function.is_unfinished and not _has_value(function, facts)):
            continue
        unit = _with_gradient(function, facts) or _of_another(function, facts)
        if unit is not None:
            yield unit


def functions_of(facts: Facts) -> list[Function]:
    """The file's own functions, and the static methods of its classes."""
    methods = [
        method
        for one in facts.own_classes
        for method in one.methods.values()
        if method.is_static and method.owner == one.name and method.is_own
    ]
    return sorted([*facts.own, *methods], key=lambda function: function.line)


def scope_of(function: Function, facts: Facts) -> Sequence[Function]:
    """The functions, or the methods of its class, that may belong to one."""
    if function.owner:
        return list(facts.classes[function.owner].methods.values())
    return list(facts.functions.values())


def _has_value(function: Function, facts: Facts) -> bool:
    found = values_of(function, facts)
    return bool(found) and not found[0].is_unfinished


def _with_gradient(function: Function, facts: Facts) -> Unit | None:
    """The unit of a function that returns (loss, gradient)."""
    texts = next((t for t in reversed(function.returns) if len(t) > 1), None)
    if texts is None or len(function.parameters) < 2 or any(role_of(n) is Role.CACHE for n in function.required):
        return None
    place = next((i for i, text in enumerate(texts) if LOSS_TEXT.match(text.lower())), None)
    if place is None and (first := re.match(r"[a-zA-Z]+", texts[0])) is not None and LOSS_TEXT.match(first[0].lower()):
        place = 0
    if place is None and _of_another(function, facts) is not None:
        return None  # hinge_loss_gradient returns (dw, db): the loss is hinge_loss
    is_loss = place is not None or LOSS_NAME.search(function.name.lower())
    rest = [text for i, text in enumerate(texts) if i != (place or 0)]
    gives = GRADIENT_NAME.search(function.name.lower()) or any(
        is_gradient_name(text) or _is_computed(text) for text in rest
    )
    if place is None and all(re.match(r"(d[A-Za-z]?\d?$|d_?[wb]|grad|dj_?d|dl_?d)", text, re.I) for text in texts):
        return None  # gradients alone, of which one is a number: (dw, db)
    is_named = LOSS_NAME.search(function.name.lower()) and not FORWARD.search(function.name.lower())
    if not is_loss or not (gives or is_named) or any(role_of(text) is Role.CACHE for text in rest):
        return None
    return _unit(
        function,
        facts,
        function,
        "_T.split_loss({call})" if place is None else f"_T.part_and_rest({{call}}, {place})",
        f"{function.full_name} returns a loss and its gradient",
        tuple(rest),
        is_guess=not gives,
    )


def _is_computed(text: str) -> bool:
    """Is it arithmetic, as (p - y) / n and X.T @ error are, and neither a name nor a prediction such as X @ w?"""
    try:
        node = ast.parse(text, mode="eval").body
    except SyntaxError:
        return False
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if isinstance(node.func.value, ast.Name):  # np.dot(X.T, error), p.reshape(n, c)
            break
        node = node.func.value
    is_prediction = isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)
    is_arithmetic = isinstance(node, ast.BinOp | ast.UnaryOp) and not is_prediction
    return is_arithmetic or re.search(r"(\.T\b|transpose)", text) is not None


def _of_another(function: Function, facts: Facts) -> Unit | None:
    """The unit of a gradient function whose loss is another function of the same arguments."""
    if not GRADIENT_NAME.search(function.name.lower()) or len(function.required) < 2:
        return None
    values = values_of(function, facts)
    if not values:
        return _of_prediction(function, facts)
    units = [unit for value in values[:MOST_LOSSES] if (unit := _of_loss(function, value, facts)) is not None]
    return _of_several(function, units) if len(units) > 1 else next(iter(units), None)


def _of_loss(function: Function, value: Function, facts: Facts) -> Unit | None:
    if value.is_unfinished or not any(role_of(n) in _HELD for n in value.required):
        return None
    rule = f"{value.full_name} and {function.full_name}: a loss and its gradient, functions of the same arguments"
    return _unit(function, facts, value, "", rule, ())


def _of_several(function: Function, units: Sequence[Unit]) -> Unit:
    """The unit of a gradient that may belong to several losses: all but the likeliest count only where it is right."""
    first, *others = units
    readings = [
        replace(reading, is_guess=True, assumed=(*reading.assumed, f"of these losses its own is {other.value_name}"))
        for other in others
        for reading in other.readings
    ]
    names = [unit.value_name for unit in units]
    rule = f"{' or '.join(names)}, and {function.full_name}: losses and a gradient, functions of the same arguments"
    functions = (*names, function.full_name)
    return replace(first, rule=rule, readings=(*first.readings, *readings), functions=functions, known=None)


def _of_prediction(function: Function, facts: Facts) -> Unit | None:
    """The unit of a gradient that is handed the prediction, which its loss computes: (X, Y, P, W) and (X, Y, W, b)."""
    given = next((name for name in function.required if role_of(name) is Role.PREDICTION), "")
    others = tuple(one for one in function.parameters if one.name != given)
    without = replace(function, parameters=others)
    for value in scope_of(function, facts):
        held = {role_of(name) for name in value.required}
        missing = {role_of(name) for name in value.required if name not in without.names}
        is_alike = set(without.required) <= set(value.names) and missing <= {Role.BIAS}
        if not given or not is_alike or Role.WEIGHTS not in held or not LOSS_NAME.search(value.name.lower()):
            continue
        forward = next((one for one in scope_of(function, facts) if _predicts(one, value)), None)
        if forward is not None:
            call = ", ".join(f"{name}=_c[{name!r}]" for name in forward.required)
            rule = (
                f"{value.full_name} and {function.full_name}: a loss and its gradient, which is given {given}, the "
                f"value of {forward.full_name}"
            )
            further = f"{given}={forward.full_name}({call})"
            return _unit(function, facts, value, "", rule, (), is_guess=True, further=further)
    return None


def _predicts(function: Function, value: Function) -> bool:
    """Does a loss call it with its data and weights, and compare what it returns with the labels?"""
    roles = [role_of(name) for name in function.required]
    is_called = function.name in value.calls and set(function.required) <= set(value.required)
    is_single = bool(function.returns) and all(len(texts) == 1 for texts in function.returns)
    return is_called and is_single and {Role.DATA, Role.WEIGHTS} <= set(roles) and Role.LABELS not in roles


def values_of(gradient: Function, facts: Facts) -> list[Function]:
    """The losses that a gradient function may belong to: like it in their arguments, the best in its name first.

    One that shares its name stands alone; one whose name tells another kind of loss than the gradient's is none.
    """
    scored = []
    for one in scope_of(gradient, facts):
        if (
            one.name == gradient.name
            or NO_LOSS.search(one.name.lower())
            or GRADIENT_NAME.search(one.name.lower())
            or not one.parameters
            or gradient.name in one.calls  # it tests the gradient
            or _are_of_other_kinds(gradient.name, one.name)
        ):
            continue
        missing = set(one.required) - set(gradient.names)
        is_alike = all(is_strength(one, name) for name in missing) and set(gradient.required) <= set(one.names)
        if not is_alike:
            continue
        if any(len(texts) > 1 for texts in one.returns) or not (one.returns or one.is_unfinished):
            continue
        rank = 2 * bool(LOSS_NAME.search(one.name.lower())) + 3 * _are_namesakes(gradient.name, one.name)
        if rank:
            scored.append((len(missing), -rank, not one.is_own, abs(one.line - gradient.line), one))
    found = [entry[4] for entry in sorted(scored, key=lambda entry: entry[:4])]
    return found[:1] if found and _are_namesakes(gradient.name, found[0].name) else found


_KINDS = (
    re.compile(r"mse|squared?_|least_?sq|linear|ridge"),
    re.compile(r"logi|bce|entropy|likelihood|nll"),
    re.compile(r"mae|absolute|lasso"),
    re.compile(r"hinge|svm"),
)
# Without weights it is a loss of a prediction and the truth: see `derivatives`.
_HELD = frozenset([Role.WEIGHTS, Role.PARAMETERS, Role.SHIFT])
_FILLERS = re.compile(
    r"(gradients?|grads?|derivative|deriv|derivadas?|prime|compute|calculate|calc|get|eval|loss|cost|function|fn|objective|fun|error)"
)


def _are_of_other_kinds(gradient: str, value: str) -> bool:
    """Do both names tell which loss it is, and not the same: mse_gradient and logistic_loss?"""
    one, other = (
        {place for place, kind in enumerate(_KINDS) if kind.search(name.lower())} for name in (gradient, value)
    )
    return bool(one and other) and not one & other


def _are_namesakes(gradient: str, value: str) -> bool:
    """hinge_gradient and hinge_cost; gradient and cost are none, having nothing in common."""
    one, other = _FILLERS.sub("", plain(gradient)), _FILLERS.sub("", plain(value))
    return bool(one) and one == other


def _unit(
    function: Function,
    facts: Facts,
    value: Function,
    split: str,
    rule: str,
    returned: tuple[str, ...],
    is_guess: bool = False,
    further: str = "",
) -> Unit | None:
    arguments = arguments_of(value) or _word_vectors(value)
    if arguments is None or not (arguments.labels or arguments.is_penalty):
        return None
    found = list(_layouts(value, function, facts, arguments))[:MOST_READINGS]
    if not found:
        return None
    kinds = [(_fixed(arguments, one), one) for one in strengths(value, function, arguments.regularisation)]
    readings = tuple(
        replace(
            _reading(layout, given, function, value, split, further),
            assumed=strength.assumed,
            is_guess=is_guess or strength.is_guess,
        )
        for layout in found
        for given, strength in kinds
    )
    if not split and is_maximised(value.name):
        readings = tuple(one for reading in readings for one in (reading, _negated(reading, value)))
    return Unit(
        name=function.full_name,
        nature=Nature.LOSS,
        value_name=f"the loss of {function.full_name}" if function is value else value.full_name,
        rule=rule,
        line=function.line,
        readings=readings,
        functions=(function.full_name,) if function is value else (value.full_name, function.full_name),
        returned=(returned,) if returned else function.returns,
        known=promised_by(value.name, value.doc),
    )


def _fixed(arguments: Arguments, strength: Strength) -> Arguments:
    """The arguments with one strength of the regulariser."""
    if not strength.text:
        return arguments
    return replace(arguments, options={**arguments.options, arguments.regularisation: (strength.text,)})


def _layouts(value: Function, gradient: Function, facts: Facts, arguments: Arguments) -> Iterator[Layout]:
    if WORD.search(plain(arguments.weights[0] if arguments.weights else "")) and not arguments.biases:
        yield from _of_words(arguments)
        return
    if not arguments.labels:
        yield from layouts(arguments, (), value.name)
        return
    label = arguments.labels[0]
    kinds = kinds_of_labels(value, facts, label)
    if kinds != [Kind.LABELS] and kinds_of_labels(gradient, facts, label) == [Kind.LABELS]:
        kinds = [Kind.LABELS]
    yield from layouts(arguments, kinds, f"{value.name} {gradient.name}")


def _word_vectors(function: Function) -> Arguments | None:
    """A vector, the index of a word, and a row for each word: word2vec."""
    rows = [name for name in function.required if re.search("(vectors|vecs|embeddings)$", plain(name))]
    used = [name for name in function.required if name in function.used_names]
    others = [name for name in used if name not in rows]
    words = [
        name
        for name in others
        if re.search(r"(idx|index|indices|target|word)", plain(name)) and "vec" not in plain(name)
    ]
    centre = [name for name in others if name not in words]
    if len(rows) != 1 or not words or len(centre) != 1:
        return None
    unused = tuple(name for name in function.required if name not in used)
    return Arguments(data=tuple(centre), weights=tuple(rows), labels=tuple(words), unused=unused)


def _of_words(arguments: Arguments) -> Iterator[Layout]:
    several = re.compile(r"(neg|noise|indices|samples)")
    inputs = [Input(arguments.data[0], ("D",)), Input(arguments.weights[0], ("C", "D"), Kind.WEIGHTS)]
    # Three of the words; one of them is drawn twice, since an assignment by indices must meet one that repeats.
    words = [
        Input(name, (3,), Kind.LABELS, 2) if several.search(plain(name)) else Input(name, (), Kind.LABELS)
        for name in arguments.labels
    ]
    yield Layout((*inputs, *words), (arguments.data[0], arguments.weights[0]))


def _negated(reading: Reading, value: Function) -> Reading:
    """The same with the loss's sign changed."""
    return replace(
        reading,
        value=reading.value.replace("return _T.number(", "return -_T.number("),
        gradient=reading.gradient.replace("_loss = _T.number(", "_loss = -_T.number("),
        assumed=(*reading.assumed, f"the gradient is that of -{value.name}, which is minimised"),
        loss=None,
    )


def _reading(
    layout: Layout, arguments: Arguments, function: Function, value: Function, split: str, further: str
) -> Reading:
    call = arguments.call(function.full_name, function.names, further)
    if split:
        body = f"_c = _T.fresh(_v)\n_loss, _rest = {split.format(call=call)}\n"
        value_text = body + "return _T.number(_loss)"
        gradient_text = body + "return _T.number(_loss), _rest"
    else:
        value_text = f"_c = _T.fresh(_v)\nreturn _T.number({arguments.call(value.full_name, value.names)})"
        gradient_text = (
            f"_c = _T.fresh(_v)\n_loss = _T.number({arguments.call(value.full_name, value.names)})\n"
            f"_c = _T.fresh(_v)\nreturn _loss, {call}"
        )
    inputs = {one.name: one for one in layout.inputs}
    order = [name for name in (*value.names, *layout.wrt) if name in layout.wrt]
    # What the function is asked to differentiate with respect to stands first, the data last.
    order.sort(key=lambda name: name in arguments.data and bool(arguments.weights))
    ordered = {name: inputs[name] for name in value.names if name in inputs}
    return Reading(
        label=describe(ordered) + _kinds_told(layout.inputs),
        value=value_text,
        gradient=gradient_text,
        cases=cases(arguments.options, layout.inputs, arguments.regularisation),
        wrt=tuple(dict.fromkeys(order)),
        is_last_resort=layout.is_last_resort,
        loss=layout.loss,
    )


TOLD = {
    Kind.LABELS: "class numbers",
    Kind.ONE_HOT: "one-hot",
    Kind.BINARY: "0 or 1",
    Kind.SIGNS: "-1 or 1",
    Kind.UNIT: "between 0 and 1",
    Kind.PROBABILITIES: "probabilities",
    Kind.POSITIVE: "positive",
}


def _kinds_told(inputs: Sequence[Input]) -> str:
    told = [f"{one.name} {TOLD[one.kind]}" for one in inputs if one.kind in TOLD]
    return f"; {', '.join(told)}" if told else ""
