"""The parts of a network written as functions: its forward, its cost, its parameters, and what its forward returns."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from checkers.own_code.facts import Facts, Function, own_nodes
from checkers.own_code.roles import Role, plain, role_of, stem

FORWARD = re.compile(r"forward|fprop|fwd|feed|hypothes|predict|propagat|activate|network|model|compute_?output")
COST = re.compile(r"cost|loss|cross_?ent|objective|error|mse|nll|log_?likelihood|bce|squared")
NO_COST = re.compile(
    r"back|grad|prime|deriv|delta|plot|print|check|numerical|update|train|history|^d_?(cost|loss|error|mse|bce)"
)
NO_FORWARD = re.compile(r"back|grad|train|plot|cost|loss|check|load|accuracy|score|init|update|fit|optimi[sz]e|read")
SUFFIX = re.compile(r"_?(with|w|using|and)_.*$|_?(regulari[sz](ed|ation)|reg|l2|dropout)$", re.IGNORECASE)
NUMBERED = re.compile(r"^([A-Za-z_]+?)_?(\d+)$")
DEEP = 3  # layers of a network whose number of layers is open: two hidden ones, so that every rule is used


@dataclass(frozen=True, slots=True)
class Parameters:
    """How a network takes its weights and biases.

    Attributes:
        argument: the argument that holds them all; "" where each is an argument of its own.
        form: "dict", "tuple", "lists" of weights and of biases, or "single".
        names: keys, or names of the arguments, in their order.
        is_open: may there be any number of layers?
        lists: arguments that are lists, with the names of what is in them.
    """

    argument: str
    form: str
    weights: tuple[str, ...]
    biases: tuple[str, ...]
    names: tuple[str, ...]
    is_open: bool = False
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Source of the argument that holds them all."""
        if self.form == "dict":
            return "{" + ", ".join(f"{name!r}: _w(_v[{name!r}])" for name in self.names) + "}"
        return "(" + "".join(f"_w(_v[{name!r}]), " for name in self.names) + ")"


def closure(functions: Iterable[Function], facts: Facts) -> list[Function]:
    """These functions and all that they call in the student's files."""
    found: dict[str, Function] = {}
    waiting = list(functions)
    while waiting:
        one = waiting.pop()
        if one.name not in found:
            found[one.name] = one
            waiting += [facts.functions[name] for name in one.calls | one.used_names if name in facts.functions]
    return list(found.values())


def text_of(functions: Iterable[Function]) -> str:
    """Their source, without comments."""
    return "\n".join(ast.unparse(ast.Module(function.node.body, [])) for function in functions)


def forward_of(backward: Function, facts: Facts) -> Function | None:
    """The forward pass that belongs to a backward pass: by its name, by who calls whom, by common words."""
    for old, new in (("back_?ward", "forward"), ("back_?prop", "forwardprop"), ("bprop", "fprop"), ("back", "forward")):
        for name in (backward.name, SUFFIX.sub("", backward.name)):
            for candidate in _renamed(name, old, new):
                if candidate in facts.functions and candidate != backward.name:
                    return facts.functions[candidate]
    able = [one for one in facts.functions.values() if one.name != backward.name and _is_forward(one)]
    called = [one for one in able if one.name in backward.calls]
    if called:
        return max(called, key=lambda one: _common(one.name, backward.name))
    able = [one for one in able if parameters_of(one, closure([one], facts)) is not None]
    together = [one for one in able if any({one.name, backward.name} <= f.calls for f in facts.functions.values())]
    return max(together or able, key=lambda one: _common(one.name, backward.name), default=None)


def _renamed(name: str, old: str, new: str) -> Iterator[str]:
    if re.search(old, name, re.IGNORECASE):
        yield re.sub(old, new, name, flags=re.IGNORECASE)
        yield re.sub(old, lambda m: new.capitalize() if m[0][0].isupper() else new, name, flags=re.IGNORECASE)
        if new == "forwardprop":
            for other in ("forward_prop", "forward", "feedforward", "feed_forward"):
                yield re.sub(old + "(agat(e|ion))?", other, name, flags=re.IGNORECASE)
            yield re.sub(old, "forward_prop", name, flags=re.IGNORECASE)


def _is_forward(function: Function) -> bool:
    name = function.name.lower()
    looks = FORWARD.search(name) and not NO_FORWARD.search(name)
    return bool(looks) and any(role_of(one) is Role.DATA for one in function.names) and bool(function.returns)


def _common(name: str, backward: str) -> int:
    one, other = _words(name), _words(re.sub("back", "for", backward.lower()))
    return len(one & other) - 2 * len(one - other)


def _words(name: str) -> set[str]:
    return set(re.findall(r"[a-z]+", name.lower()))


def costs_of(backward: Function, forward: Function, facts: Facts) -> list[Function]:
    """The file's cost functions that may be meant: regularised where the gradient is, used with it if any is."""
    regularised = has_regulariser(backward)
    callers = [one for one in facts.functions.values() if backward.name in one.calls]
    found = [one for one in facts.functions.values() if one not in (backward, forward) and _is_cost(one)]

    def rank(one: Function) -> tuple[bool, bool]:
        return has_regulariser(one) != regularised, not any(one.name in caller.calls for caller in callers)

    best = min((rank(one) for one in found), default=None)
    return [one for one in found if rank(one) == best]


def _is_cost(function: Function) -> bool:
    name = function.name.lower()
    takes_labels = any(role_of(one) is Role.LABELS for one in function.names)
    return bool(COST.search(name)) and not NO_COST.search(name) and takes_labels and bool(function.returns)


def has_regulariser(function: Function) -> bool:
    """Does it take the strength of a regulariser?"""
    return any(role_of(name) is Role.REGULARISATION for name in function.names)


def parameters_of(forward: Function, among: Sequence[Function]) -> Parameters | None:
    """How a forward pass takes its weights and biases; None where it takes none."""
    for name in forward.names:
        if role_of(name) is Role.PARAMETERS:
            found = _held(forward, name, among)
            if found is not None:
                return found
    weights = tuple(name for name in forward.names if role_of(name) is Role.WEIGHTS)
    biases = tuple(name for name in forward.names if role_of(name) is Role.BIAS)
    if len(weights) == 1 and len(biases) <= 1 and _is_list(forward, weights[0]):
        lists = {name: tuple(f"{name}[{layer}]" for layer in range(DEEP)) for name in (*weights, *biases)}
        names = tuple(name for some in zip(*lists.values(), strict=True) for name in some)
        return Parameters("", "lists", lists[weights[0]], lists[biases[0]] if biases else (), names, False, lists)
    if not biases and len(weights) == 1:
        biases = tuple(n for n in forward.required if role_of(n) is Role.UNKNOWN)[:1]
    names = tuple(name for name in forward.names if name in weights or name in biases)
    return Parameters("", "single", weights, biases, names) if weights else None


def _is_list(function: Function, name: str) -> bool:
    """Is an argument a list with one entry for each layer: weights[i], zip(weights, biases)?"""
    text = text_of([function])
    return bool(
        re.search(rf"\bzip\({name}, |, {name}\)\)?:|\bin {name}\b|\benumerate\({name}|\b{name}\[[a-z]\w*\]", text)
    )


def _held(forward: Function, argument: str, among: Sequence[Function]) -> Parameters | None:
    """Weights and biases in one argument: a tuple that is unpacked, or a dict."""
    for node in own_nodes(forward.node):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id == argument:
            target = node.targets[0]
            if isinstance(target, ast.Tuple) and all(isinstance(part, ast.Name) for part in target.elts):
                names = tuple(part.id for part in target.elts if isinstance(part, ast.Name))
                return _sorted_out(argument, "tuple", names)
    keys = [text for text in _texts(forward) if role_of(text) in {Role.WEIGHTS, Role.BIAS} and NUMBERED.match(text)]
    keys = keys or [text for text in forward.keys_of(argument) if role_of(text) in {Role.WEIGHTS, Role.BIAS}]
    if keys:
        return _sorted_out(argument, "dict", tuple(dict.fromkeys(keys)))
    stems = [key for one in [forward, *among] for key in _numbered_stems(one)]
    weight = next((key for key in stems if role_of(key.strip("_")) is Role.WEIGHTS), None)
    bias = next((key for key in stems if role_of(key.strip("_")) is Role.BIAS), None)
    if weight is None:
        return None
    names = tuple(f"{key}{number}" for number in range(1, DEEP + 1) for key in (weight, bias) if key is not None)
    found = _sorted_out(argument, "dict", names)
    return None if found is None else Parameters(argument, "dict", found.weights, found.biases, names, True)


def _sorted_out(argument: str, form: str, names: tuple[str, ...]) -> Parameters | None:
    if form == "dict" and all(NUMBERED.match(name) for name in names):
        names = tuple(sorted(names, key=_number))
    weights = tuple(name for name in names if role_of(name) is Role.WEIGHTS)
    biases = tuple(name for name in names if role_of(name) is Role.BIAS)
    if not weights or len(weights) + len(biases) != len(names) or len(biases) not in {0, len(weights)}:
        return None
    return Parameters(argument, form, weights, biases, names)


def _number(name: str) -> int:
    match = NUMBERED.match(name)
    return int(match[2]) if match else 0


def _texts(function: Function) -> list[str]:
    return [
        node.value
        for node in own_nodes(function.node)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier()
    ]


def _numbered_stems(function: Function) -> Iterator[str]:
    """The texts to which a layer's number is added: "W" + str(l), "W%d" % l, f"W{l}", "W{}".format(l)."""
    for node in own_nodes(function.node):
        if isinstance(node, ast.BinOp) and isinstance(node.left, ast.Constant) and isinstance(node.left.value, str):
            yield re.sub(r"%[dis]$", "", node.left.value)
        elif isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant):
            yield str(node.values[0].value)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(("{}", "{0}")):
            yield re.sub(r"\{0?\}$", "", node.value)


def places_of(forward: Function) -> dict[str, str]:
    """What a forward pass returns, by the names that it has there: "A2" -> "_r[0]", "Z1" -> "_r[1]['Z1']"."""
    found: dict[str, str] = {}
    for node in own_nodes(forward.node):
        if isinstance(node, ast.Return) and node.value is not None:
            _placed(node.value, "_r", _assigned(forward), found, 3)
    return found


def _assigned(function: Function) -> dict[str, list[ast.expr]]:
    """The literals that names of a function are bound to, and the keys that are set later."""
    found: dict[str, list[ast.expr]] = {}
    for node in own_nodes(function.node):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            if isinstance(target, ast.Name) and isinstance(node.value, ast.Tuple | ast.List | ast.Dict | ast.Call):
                found.setdefault(target.id, []).append(node.value)
            elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                key = ast.Dict([target.slice], [ast.Constant(0)])
                if isinstance(target.slice, ast.Constant) and isinstance(target.slice.value, str):
                    found.setdefault(target.value.id, []).append(key)
    return found


def _placed(
    node: ast.expr, path: str, assigned: Mapping[str, list[ast.expr]], found: dict[str, str], depth: int
) -> None:
    if not depth:
        return
    if isinstance(node, ast.Name):
        found.setdefault(node.id, path)
        for value in assigned.get(node.id, []):
            _placed(value, path, assigned, found, depth - 1)
    elif isinstance(node, ast.Tuple | ast.List):
        for place, part in enumerate(node.elts):
            _placed(part, f"{path}[{place}]", assigned, found, depth)
    elif isinstance(node, ast.Dict):
        for key in node.keys:
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                found.setdefault(key.value, f"{path}[{key.value!r}]")
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
        for keyword in node.keywords:
            if keyword.arg:
                found.setdefault(keyword.arg, f"{path}[{keyword.arg!r}]")


def prediction_place(forward: Function, places: Mapping[str, str]) -> str:
    """Where in what a forward pass returns the network's output stands."""
    values = [node.value for node in own_nodes(forward.node) if isinstance(node, ast.Return) and node.value is not None]
    last = values[-1]
    if isinstance(last, ast.Tuple):
        texts = [ast.unparse(part) for part in last.elts]
        named = [place for place, text in enumerate(texts) if role_of(text) is Role.PREDICTION and stem(text) != "h"]
        if named:
            return f"_r[{named[0]}]"
        called = [
            place
            for place, part in enumerate(last.elts)
            if isinstance(part, ast.BinOp) or (isinstance(part, ast.Call) and texts[place][:4] != "dict")
        ]
        if called:
            return f"_r[{called[0]}]"
        caches = any(role_of(text) is Role.CACHE or not text.isidentifier() for text in texts)
        return "_r[0]" if caches else f"_r[{_last_activation(texts)}]"
    keys = [name for name, path in places.items() if re.fullmatch(r"_r\['\w+'\]", path)]
    if keys:
        named_keys = [key for key in keys if role_of(key) is Role.PREDICTION and stem(key) != "h"]
        return f"_r[{(named_keys or [keys[_last_activation(keys)]])[-1]!r}]"
    return "_r"


def _last_activation(names: Sequence[str]) -> int:
    """The place of the last layer's output among (z1, a1, z2, a2)."""
    outputs = [
        place
        for place, name in enumerate(names)
        if stem(name) in {"a", "h", "o", "out", "p", "yhat", "act", "layer", "l"}
    ]
    return max(outputs, key=lambda place: (_number(plain(names[place])), place), default=0 if len(names) == 2 else -1)
