"""Models that are classes: they keep their parameters, and compute a loss and its gradients from data and labels."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from checkers.own_code.facts import Class, Facts, Function
from checkers.own_code.inputs import Input, Kind
from checkers.own_code.roles import Role, is_maximised, plain, role_of, stem
from checkers.own_code.units import Case, Nature, Reading, Unit

from .constructors import STEPS, Made, role_of_size, variations, ways

GRADIENT = re.compile(r"back|grad|loss|cost|propagate|deriv|objective|bprop")
NO_GRADIENT = re.compile(
    r"numer|check|descent|approx|test|train|fit|update|step|sgd|zero|predict|plot|history|clip|optim|apply"
)
LOSS = re.compile(r"loss|cost|objective|crossentropy|^ce$|^bce$|mse|criterion|^j$|error$|likelihood")
NO_LOSS = re.compile(r"grad|prime|deriv|backward|^d[A-Z_]|history|plot|train|test|get_?loss_?hist|print|numeric|finite")
FORWARD = (
    "forward",
    "modelforward",
    "fullforward",
    "feedforward",
    "forwardpass",
    "forwardpropagation",
    "forwardprop",
    "fprop",
    "predictproba",
    "predictprob",
    "predictprobability",
    "hypothesis",
    "output",
    "call",
    "predict",
)
BACKWARD = re.compile(
    r"^_*(full_?|model_?)?(back(ward)?(_?(pass|prop(agat(e|ion))?))?|bprop|compute_?grad(ient)?s?|get_?grad(ient)?s?)$"
)
INITIALISE = re.compile(
    r"^_*(init|initiali[sz]e|build|setup|reset)_?(all_?)?(weights?|params?|parameters?|layers?|network|model)?"
    r"(_?and_?bias(es)?)?$",
    re.IGNORECASE,
)
LAYER = re.compile(r"^(create|add|make|new|append)_?(dense_?|fc_?|linear_?)?layers?$", re.IGNORECASE)
GIVES = re.compile(r"grad|^d_?[a-zA-Z]{1,8}\d*s?$|nabla|delta|^\{|dict|deriv", re.IGNORECASE)
SIZES = Input("sizes#", ("n", "D", "H", "C", 0), Kind.LABELS)
MOST_READINGS = 30
OUTPUTS = frozenset(["z", "a", "h", "act", "activation", "activations", "zs"])  # beside labels, what a model computed
RATE = 0.5  # of learning, where a function wants one


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a function or method, as source: what it needs, and the options that it brings."""

    text: str
    needs: frozenset[str] = frozenset()
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reg: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Loss:
    """How a loss is computed: source lines that return it; what was taken for granted."""

    body: str
    assumed: tuple[str, ...] = ()
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reg: tuple[str, ...] = ()
    name: str = ""
    kinds: tuple[str, ...] = ()


def find(facts: Facts) -> Iterator[Unit]:
    """Every method of a class that computes gradients of a loss from data, labels or predictions."""
    for one in sorted(facts.classes.values(), key=lambda c: c.line):
        if not one.is_own:
            continue
        for method in one.methods.values():
            if (
                method.owner == one.name
                and is_gradient(method, one)
                and (unit := _unit(method, one, facts)) is not None
            ):
                yield unit


def is_gradient(method: Function, one: Class) -> bool:
    """Does a method look as if it computed gradients with respect to a model's parameters?"""
    name = method.name.lower()
    if not GRADIENT.search(name) or NO_GRADIENT.search(name) or method.is_static:
        return False
    roles = [role_of(p) for p in method.names]
    if len(method.required) < 2 and not any(role_of(p) is Role.LABELS for p in method.names):
        return False
    if Role.LABELS not in roles or Role.UPSTREAM in [role_of(p) for p in method.required]:
        return False
    if not (holds_parameters(one) or _initialisers(one)):
        return False
    if LOSS.search(plain(name)) and not re.search(r"back|grad", name):
        several = [texts for texts in method.returns if len(texts) > 1]
        keeps = any(_keeps(attribute) for attribute in method.self_attributes) or method.calls & {"backward"}
        return any(GIVES.search(part.split(".")[-1]) for texts in several for part in texts) or bool(keeps)
    return True


def _keeps(attribute: str) -> bool:
    return bool(re.search(r"grad|^d[WwBb]", attribute)) and not attribute.startswith("zero")


def holds_parameters(one: Class) -> bool:
    """Does its constructor put arrays on the object, or other objects that may hold some?"""
    init = one.methods.get("__init__")
    return init is not None and bool(init.self_attributes)


def _initialisers(one: Class) -> list[Function]:
    return [
        m for m in one.methods.values() if m.name != "__init__" and (INITIALISE.match(m.name) or LAYER.match(m.name))
    ]


def _unit(method: Function, one: Class, facts: Facts) -> Unit | None:
    gives_loss = any(
        len(texts) > 1 and any(re.search(r"loss|cost|^J$|^L$|error", t) for t in texts) for texts in method.returns
    )
    gives_loss = gives_loss or bool(LOSS.search(plain(method.name)))
    forward = forward_of(one)
    gradient = call(method, "_model.", forward)
    if gradient is None:
        return None
    losses = [_own_value(gradient, method)] if gives_loss else list(_losses(method, one, forward, facts))
    layouts = ["many"]
    text = re.sub(r"(zeros|ones|empty)(_like)?\([^()]*\)", "", _with_helpers(method, one))
    if not re.search(r"[xya]\w*\.shape|\bsum\(|mean\(|len\([xy]\)|axis", text, re.IGNORECASE):
        layouts = ["one", "many"]
    is_averaged = layouts == ["many"] and bool(re.search(r"shape|len\(|mean|average|size", _with_helpers(method, one)))
    readings: list[Reading] = []
    kinds = _kinds(method, one, facts)
    for made in ways(one, facts):
        for loss, kind, layout in product(losses, kinds, layouts):
            if (loss.kinds and kind not in loss.kinds) or (is_averaged and "their sum" in "".join(loss.assumed)):
                continue
            for is_added in (True, False) if made.reg and not gives_loss else (False,):
                readings.append(_reading(method, one, made, forward, gradient, loss, kind, layout, is_added))
    readings.sort(key=lambda reading: any("for each sample" in text for text in reading.assumed))
    if not readings:
        return None
    value = f"the loss of {method.full_name}" if gives_loss else losses[0].name
    return Unit(
        name=method.full_name,
        nature=Nature.LOSS,
        value_name=value,
        rule=f"{method.full_name}: a method of a class with parameters, which takes data and labels",
        line=method.line,
        readings=tuple(readings[: 3 * MOST_READINGS]),
        functions=tuple(m.full_name for m in one.methods.values() if m.is_own),
        returned=method.returns,
    )


def _with_helpers(method: Function, one: Class) -> str:
    """The text of a method and of those that it calls."""
    return "\n".join(_source(m) for name, m in one.methods.items() if m is method or name in method.calls)


def _source(function: Function) -> str:
    return ast.unparse(function.node)


def forward_of(one: Class) -> Function | None:
    """The method that predicts, from data alone."""
    found = {plain(name.strip("_")): method for name, method in one.methods.items()}
    for name in FORWARD:
        method = found.get(name)
        if method is None or len(method.required) != 1 or role_of(method.required[0]) is Role.LABELS:
            continue
        if not re.search(r"argmax|round|>=? ?0\.5|threshold|where", _source(method)) or name not in {"predict", "call"}:
            return method
    return None


def call(function: Function, owner: str = "", forward: Function | None = None) -> Call | None:
    """A call by the roles of its arguments; None where one is asked for that nothing stands for."""
    parts, needs = [], set()
    options: dict[str, tuple[str, ...]] = {}
    reg = []
    for parameter in function.parameters:
        name, role = parameter.name, role_of(parameter.name)
        if role is Role.REGULARISATION:
            options[name] = ("0.0", "0.1")
            reg.append(name)
            parts.append(f"{name}=_o[{name!r}]")
        elif parameter.has_default and role is not Role.LABELS:
            continue
        elif plain(name) in STEPS:
            parts.append(f"{name}={RATE}")
            needs.add("rate")
        elif forward is not None and (place := _place(forward, name)) is not None:
            parts.append(f"{name}=_got[{place}]")
            needs.add("out")
        elif role is Role.LABELS:
            parts.append(f"{name}=_v['y']")
        elif role is Role.PREDICTION or (forward is not None and stem(name) in OUTPUTS):
            parts.append(f"{name}=_out")
            needs.add("out")
        elif role is Role.CACHE:
            parts.append(f"{name}=_cache")
            needs.add("cache")
        elif role is Role.DATA or (role is Role.UNKNOWN and "data" not in needs):
            parts.append(f"{name}=_v['X']")
            needs.add("data")
        elif role is Role.WEIGHTS and owner == "":
            parts.append(f"{name}=_model.{name}")
        else:
            return None
    return Call(f"{owner}{function.name}({', '.join(parts)})", frozenset(needs), options, tuple(reg))


def _place(forward: Function, name: str) -> int | None:
    """The place in what a forward returns of something that is called the same."""
    return next((texts.index(name) for texts in forward.returns if len(texts) > 1 and name in texts), None)


def _own_value(gradient: Call, method: Function) -> _Loss:
    before = "_out, _cache, _got = _predict(_model, _v['X'])\n" if gradient.needs & {"out", "cache"} else ""
    body = f"{before}_returned = _model_call(_model, _v, _o)\nreturn _T.split_loss(_returned)[0]"
    return _Loss(body, (), gradient.options, gradient.reg, f"the loss of {method.full_name}")


def _losses(method: Function, one: Class, forward: Function | None, facts: Facts) -> Iterator[_Loss]:
    """The loss that a gradient belongs to: a method of the class, else a function, else a known one."""
    found = False
    for other in one.methods.values():
        if other is method or not _is_loss(other):
            continue
        made = call(other, f"{one.name}." if other.is_static else "_model.", forward)
        if made is not None and (forward is not None or "out" not in made.needs):
            found = True
            yield from _measured_by(made, other.full_name)
    if found or forward is None:
        return
    functions = [f for f in facts.functions.values() if _is_loss(f) and 2 <= len(f.required) <= 4]
    for function in sorted(functions, key=lambda f: not re.search(r"cross|entropy|ce", f.name))[:3]:
        if (made := call(function, "", forward)) is not None and "out" in made.needs:
            found = True
            yield from _measured_by(made, function.name)
        elif len(function.required) == 2:
            first, second = function.required
            orders = (("_v['y']", "_out"), ("_out", "_v['y']"))
            for one_, other_ in orders:
                found = True
                text = f"{function.name}({first}={one_}, {second}={other_})"
                said = f"{first if one_ == '_out' else second} of {function.name} is the prediction"
                yield from _measured_by(Call(text, frozenset({"out"})), function.name, (said,))
    if not found:
        yield from _known()


def _is_loss(function: Function) -> bool:
    name = function.name.lower()
    return bool(LOSS.search(plain(name))) and not NO_LOSS.search(function.name) and bool(function.parameters)


def _measured_by(made: Call, name: str, assumed: tuple[str, ...] = ()) -> Iterator[_Loss]:
    before = "_out, _cache, _got = _predict(_model, _v['X'])\n" if made.needs & {"out", "cache"} else ""
    # What is maximised: students give its gradient, or that of its negative, which they minimise.
    signs = ("", "-") if is_maximised(name) else ("",)
    for way, sign in product(("one", "mean", "sum"), signs):
        more: tuple[str, ...] = (
            () if way == "one" else (f"{name} gives one loss for each sample: their {way} was taken",)
        )
        more += (f"the gradient is that of -{name}, which is minimised",) if sign else ()
        check = "" if way == "one" else "_O.require(_O.np.size(_loss) > 1, 'a single loss')\n"
        body = f"{before}_loss = _T.first({made.text})\n{check}return {sign}_O.scalar(_loss, {way!r})"
        yield _Loss(body, (*assumed, *more), made.options, made.reg, name)


def _known() -> Iterator[_Loss]:
    start = "_out, _cache, _got = _predict(_model, _v['X'])\n_y = _v['y'].reshape(_out.shape)\n_m = _O.samples(_v)\n"
    for text, said, kinds in (
        ("_O.np.sum(-_y * _O.np.log(_out)) / _m", "the mean cross-entropy, -1/n sum y ln(yhat)", ("one-hot",)),
        (
            "-_O.np.sum(_y * _O.np.log(_out) + (1 - _y) * _O.np.log(1 - _out)) / _m",
            "the mean binary cross-entropy",
            ("binary",),
        ),
        ("_O.np.sum((_out - _y) ** 2) / _m", "the mean squared error", ("real",)),
        ("0.5 * _O.np.sum((_out - _y) ** 2) / _m", "half the mean squared error", ("real",)),
        ("0.5 * _O.np.sum((_out - _y) ** 2)", "half the sum of squared errors", ("real",)),
        ("_O.np.mean((_out - _y) ** 2)", "the mean squared error over all entries", ("real",)),
    ):
        assumed = f"no loss was found in the file, so {said} was taken"
        yield _Loss(f"{start}return {text}", (assumed,), name=said, kinds=kinds)


_HINTS = (
    ("labels", re.compile(r"arange\([^)]*\),|range\([^)]*\), ?\w+\]|np\.eye\(|\by\[\w+\]|astype\(int")),
    ("one-hot", re.compile(r"one_?hot|num_classes\]|\btargets?\b|softmax", re.IGNORECASE)),
    ("binary", re.compile(r"binary|logistic|1\s*-\s*\w*(y|target|label)", re.IGNORECASE)),
    ("real", re.compile(r"\*\*\s*2|square|mse|regress", re.IGNORECASE)),
)


def _kinds(method: Function, one: Class, facts: Facts) -> list[str]:
    """Kinds of labels, those first that the text speaks of."""
    text = _source(method) + " ".join(one.methods) + one.name + " ".join(facts.functions)
    hinted = [kind for kind, hint in _HINTS if hint.search(text)]
    if "y" in method.names and method.name.lower() == "loss" and "labels" not in hinted:
        hinted.append("labels")
    others = ("one-hot", "labels", "binary", "real") if "one-hot" in hinted else ("labels", "real", "binary", "one-hot")
    return [*hinted, *(kind for kind in others if kind not in hinted)]


def _reading(
    method: Function,
    one: Class,
    made: Made,
    forward: Function | None,
    gradient: Call,
    loss: _Loss,
    kind: str,
    layout: str,
    is_added: bool,
) -> Reading:
    cases = _cases(made, {**loss.options, **gradient.options})
    predict = f"_model.{forward.name}(_x)" if forward is not None else _scores(method, one)
    assumed = [*loss.assumed]
    if is_added:
        assumed.append(
            f"the loss has no regulariser, so that of the gradient, a multiple of {made.reg[0]} |W|^2, was added"
        )
    setup = f"""\
from _gradcheck_student import objects as _O
{maker(made, one)}
def _predict(_model, _x):
    _got = {predict or "None"}
    return _O.prediction(_got), _T.cache_of(_got), _got
def _model_call(_model, _v, _o, _out=None, _cache=None, _got=None):
    return {gradient.text}
def _own(_o, _v):
    _v = _O.copies(_v)
    _model = _O.fill(_made(_o, _v), _v)
    _T.begin()
    _o = _O.chosen(_o, _v)
{_indented(_with_out(loss.body))}
def _inputs(_o, _v):
    _n = _O.sizes(_v)
    _found = dict(_O.spread(_made(_o, _v)))
    _x, _shape, _samples = {_data(predict, forward, layout)}
    return {{**_found, 'X': _x, 'y': _O.labels({kind!r}, _shape, _samples)}}
def _check(_o, _v):
    {f"return _O.added(_o, _v, {made.reg[0]!r}, _own, _gradient_)" if is_added else "return {}"}
"""
    value = "return _own(_o, _v)"
    if is_added:
        value = f"""\
_strength = _O.chosen(_o, _v)[{made.reg[0]!r}]
return _own(_o, _v) + _strength * _O.factor(_v) * _O.squared(_v, [_w for _w in _v if _w not in ('X', 'y')])
"""
    before = "_out, _cache, _got = _predict(_model, _v['X'])" if forward is not None else "_out = _cache = _got = None"
    rate = RATE if "rate" in gradient.needs else 0.0
    return Reading(
        label=f"{said_data(layout)}, {kind} labels" if kind != "real" else f"{said_data(layout)}, real targets",
        value=value,
        gradient=f"""\
_value = _value_(_o, _v)
_v = _O.copies(_v)
_model = _O.fill(_made(_o, _v), _v)
_before = _O.snapshot(_model)
_o = _O.chosen(_o, _v)
_T.begin()
{before}
_T.begin()
_returned = _model_call(_model, _v, _o, _out, _cache, _got)
{"_returned = _T.split_loss(_returned)[1]" if "split_loss" in loss.body else ""}
return _value, _O.gradients(_model, _before, _returned, {_texts(method)}, {{}}, list(_v), {rate})
""",
        setup=setup,
        parameters="return _O.settled(_o, _v, _inputs, _gradient_, _check)",
        cases=cases,
        assumed=tuple(assumed),
        is_guess=bool(loss.kinds),
    )


def said_data(layout: str) -> str:
    """A layout as it is told."""
    return {"many": "X (N, D) or (D, N), as it runs", "one": "one sample, x (D, 1) or (D,)"}[layout]


def _texts(method: Function) -> str:
    """What the return statements name; of a loss and gradients the gradients."""
    found = []
    for texts in method.returns:
        rest = tuple(t for t in texts if not re.fullmatch(r"(self\.)?(\w*loss\w*|\w*cost\w*|J|L)", t))
        found.append(rest or texts)
    return repr(found)


def _with_out(body: str) -> str:
    return (
        body.replace("_model_call(_model, _v, _o)", "_model_call(_model, _v, _o, _out, _cache, _got)")
        if "_predict" in body
        else body
    )


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def _scores(method: Function, one: Class) -> str:
    """A loss that returns the scores where it gets no labels."""
    for other in (method, *one.methods.values()):
        if (
            len(other.required) == 1
            and any(p.default == "None" and role_of(p.name) is Role.LABELS for p in other.parameters)
            and re.search(r"is None|== None|not y\b", _source(other))
        ):
            return f"_model.{other.name}(_x)"
    return ""


def _data(predict: str, forward: Function | None, layout: str) -> str:
    if predict:
        run = "lambda _m, _x: _predict(_m, _x)[0]"
        return f"_O.data(lambda: _made(_o, _v), {run}, _n, {layout!r}, {forward is None})"
    return f"_O.assumed_data(_n, {layout!r})"


def maker(made: Made, one: Class) -> str:
    """Source of a function that makes an object anew, its parameters not yet set."""
    lines = ["def _made(_o, _v):", "    _n, _o = _O.sizes(_v), _O.chosen(_o, _v)", f"    _model = {made.text}"]
    for method in _initialisers(one):
        if INITIALISE.match(method.name):
            parts = [_size_text(name) for name in method.required]
            if all(parts):
                arguments = ", ".join(f"{name}={text}" for name, text in zip(method.required, parts, strict=True))
                lines += ["    if not _O.parameters(_model):", f"        _model.{method.name}({arguments})"]
        else:
            names = [p.name for p in method.parameters if not p.has_default or "act" in plain(p.name)]
            rows = [[_layer_text(name, place) for name in names] for place in (0, 1)]
            if all(all(row) for row in rows):
                lines += ["    if not _O.parameters(_model):"]
                lines += [
                    f"        _model.{method.name}({', '.join(f'{n}={t}' for n, t in zip(names, row, strict=True))})"
                    for row in rows
                ]
    lines += ["    return _O.completed(_model, _n)"]
    return "\n".join(lines)


def _size_text(name: str) -> str:
    size = role_of_size(name)
    if size == "list":
        return "[_n['D'], _n['H'], _n['C']]"
    return f"_n[{size!r}]" if size else "_n['C']" if plain(name) in {"k"} else ""


def _layer_text(name: str, place: int) -> str:
    size = role_of_size(name)
    if size == "D":
        return ("_n['D']", "_n['H']")[place]
    if size in {"C", "H"}:
        return ("_n['H']", "_n['C']")[place]
    if "activation" in plain(name) or plain(name) in {"act", "function", "nonlinearity"}:
        return ("'sigmoid'", "'softmax'")[place]
    return ""


def _cases(made: Made, further: Mapping[str, Sequence[str]]) -> tuple[Case, ...]:
    """The options as they are, and changed one by one; each with what to fall back on where it does not run."""
    options = {**made.options, **{name: tuple(values) for name, values in further.items()}}
    deep = made.deep
    plain_ones = variations(options, (deep,) if deep else ())
    found = []
    for label, chosen in plain_ones:
        choices = [chosen] if not label else [chosen, plain_ones[0][1]]
        if deep:
            choices = [{**one, deep: options[deep][place]} for one in choices for place in (1, 0)]
        text = ", ".join("{" + ", ".join(f"{n!r}: {t}" for n, t in one.items()) + "}" for one in choices)
        strength = {name: t for name, t in chosen.items() if role_of(name) is Role.REGULARISATION}
        found.append(Case(label, {**strength, "choices": f"[{text}]"}, (SIZES,)))
    return tuple(found)
