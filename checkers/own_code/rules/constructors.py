"""How objects of a class are made: its constructor called with sizes and options that its parameters' names ask for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from checkers.own_code.facts import Class, Facts, Function, own_nodes
from checkers.own_code.roles import Role, options_for, plain, role_of

# Plain names of sizes; what they are worth stands in a dict of the sizes, see `checkers.student.objects`.
INPUT = re.compile(
    r"^((n|num|no|number|size|dim|len)?(of)?(in|input|inputs|infeatures|features|feature|x|inputnodes|innodes|inunits|fanin)"
    r"(s|size|dim|dims|features|shape|units|nodes|neurons|layersize|layer|width|len|count)?|d|nx|i|fanin|dim|nin|inchannels"
    r"|numfeatures|nfeatures|inputlayersize|ninput|ninputs|p|previous|prev|prevunits|nprev|inputsize|indim)$"
)
HIDDEN = re.compile(
    r"^(n|num|no|number|size|dim)?(of)?(h|hidden|hid|hiddenlayer|hiddens)(s|size|sizes|dim|dims|units|nodes|neurons|layersize|layersizes|layer|layers)?\d?$"
)
OUTPUT = re.compile(
    r"^((n|num|no|number|size|dim)?(of)?(out|output|outputs|outfeatures|class|classes|labels|neurons|units|outputnodes|y|o)"
    r"(s|size|dim|dims|features|shape|units|nodes|neurons|layersize|layer|count)?|c|ny|k|fanout|m|outdim|outchannels|ncurr)$"
)
LISTS = re.compile(
    r"(^|per)(layers|dims|sizes|neuronsperlayer|nodes|architecture|arch|topology|structure)$"
    r"|layers?(dims?|sizes?|units|shapes?)$|perlayer$|^neurons$|architecture$"
)
STEPS = frozenset(["lr", "learningrate", "alpha", "eta", "stepsize", "rate", "l"])
COUNTS = re.compile(r"(iter|epoch|batch|step|verbose|print)")
FLAGS = re.compile(r"^(use|is|has|with)_?")
MOST_VARIATIONS = 4
SHORT = 2  # letters of a size that says little: m, n, n_x
AXES = frozenset(["dim", "axis"])
WINDOW = re.compile(r"^((kernel|filter|window|pool)(size|width|height|length|w|h)|ksize|fsize)$")


@dataclass(frozen=True, slots=True)
class Made:
    """One way to make an object.

    Attributes:
        text: an expression of `_n`, the sizes, and `_o`, the options.
        options: name -> the sources of its values; all others keep their first where one is changed.
        deep: the option that says how many layers there are, if there is one.
        reg: the options that weigh a regulariser.
        is_wired: does nothing tell it how many features there are?
    """

    text: str
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    deep: str = ""
    reg: tuple[str, ...] = ()
    is_wired: bool = True


def makers(one: Class, facts: Facts, needed: Sequence[str]) -> list[Class]:
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


def ways(one: Class, facts: Facts) -> Iterator[Made]:
    """The ways to make an object of a class, likeliest first."""
    init = one.methods.get("__init__")
    parameters = () if init is None else init.parameters
    sized = [
        p.name for p in parameters if not p.has_default and role_of_size(p.name) is None and not _known(init, p.name)
    ]
    guesses: list[dict[str, str]] = [{}]
    if len(sized) in {1, 2, 3}:
        letters = (("D",), ("D", "C"), ("D", "H", "C"))[len(sized) - 1]
        guesses = [{name: f"_n[{letter!r}]" for name, letter in zip(sized, letters, strict=True)}]
        if len(sized) == 1:
            guesses.append({sized[0]: "[_n['D'], _n['H'], _n['C']]"})
            if init is not None and _is_iterated(init, sized[0]):
                guesses.reverse()
    seen = set()
    for guess in [*guesses, *_other_orders(init, sized)]:
        made = _made(one, init, guess)
        if made is not None and made.text not in seen:
            seen.add(made.text)
            yield made


def _other_orders(init: Function | None, sized: Sequence[str]) -> Iterator[dict[str, str]]:
    """Sizes whose names do not tell which is which: (m, n) in both orders; of one alone the number of features.

    Args:
        sized: the parameters that may be sizes, though nothing in their names says so.
    """
    required = () if init is None else init.required
    has_weights = any(role_of(name) is Role.WEIGHTS for name in required)
    found = [
        name
        for name in required
        if name in sized
        or role_of_size(name) in {"D", "H", "C"}
        or (role_of(name) is Role.BIAS and not has_weights)  # (a, b): sizes, since there are no weights
    ]
    unclear = [name for name in found if name in sized or len(plain(name)) <= SHORT]
    if len(found) == 1 and role_of_size(found[0]) in {"H", "C"}:
        yield {found[0]: "_n['D']"}
    if len(found) == 2 and unclear:
        first, second = found
        yield {first: "_n['D']", second: "_n['C']"}
        yield {first: "_n['C']", second: "_n['D']"}


def _known(init: Function | None, name: str) -> bool:
    return init is not None and (bool(options_for(init, name)) or _text_of(init, name, None) is not None)


def role_of_size(name: str) -> str | None:
    """D, H, C or a list of layers, by a parameter's name."""
    whole = plain(name)
    if re.match(r"(n|num|number)(of)?\w*layers$", whole):
        return None
    if HIDDEN.match(whole):
        return "H"
    if LISTS.search(whole):
        return "list"
    if OUTPUT.match(whole):
        return "C"
    if INPUT.match(whole):
        return "D"
    return None


def _made(one: Class, init: Function | None, guess: Mapping[str, str]) -> Made | None:
    if init is None:
        return Made(f"{one.name}()")
    parts: list[str] = []
    options: dict[str, tuple[str, ...]] = {}
    deep, reg, is_wired = "", [], True
    for parameter in init.parameters:
        name, default = parameter.name, parameter.default
        values = (guess[name],) if name in guess else _text_of(init, name, default, _takes_input(init))
        if values is None:
            if default is not None:
                continue
            return None
        if role_of_size(name) in {"D"} or name in guess or "_n['D']" in values[0]:
            is_wired = False
        if len(values) == 1:
            parts.append(f"{name}={values[0]}")
            continue
        options[name] = values
        parts.append(f"{name}=_o[{name!r}](_n)" if "_n" in values[0] else f"{name}=_o[{name!r}]")
        if "_n" in values[0]:
            options[name] = tuple(f"lambda _n: {value}" for value in values)
            deep = name
        if role_of(name) is Role.REGULARISATION:
            reg.append(name)
    return Made(f"{one.name}({', '.join(parts)})", options, deep, tuple(reg), is_wired)


def _keys_of_layers(init: Function, name: str) -> tuple[str, ...]:
    """The texts by which each of a list's items is read: layer["in"], layer["activation"]."""
    for node in own_nodes(init.node):
        if isinstance(node, ast.For) and any(
            isinstance(part, ast.Name) and part.id == name for part in ast.walk(node.iter)
        ):
            for part in ast.walk(node.target):
                if isinstance(part, ast.Name) and (keys := init.keys_of(part.id)):
                    return keys
    return ()


def _dicts(keys: Sequence[str]) -> tuple[str, ...]:
    """Two layers, as dicts of sizes and activations."""
    into = next((key for key in keys if role_of_size(key) == "D"), "in")
    out = next((key for key in keys if role_of_size(key) in {"C", "H"}), "out")
    found = []
    for last, outputs in (("sigmoid", "1"), ("sigmoid", "_n['C']"), ("softmax", "_n['C']")):
        rows = (("_n['D']", "_n['H']", "relu"), ("_n['H']", outputs, last))
        texts = [
            f"{{{into!r}: {one}, {out!r}: {other}, 'act': {act!r}, 'activation': {act!r}}}" for one, other, act in rows
        ]
        found.append(f"[{', '.join(texts)}]")
    return tuple(found[:1])


def _takes_input(init: Function) -> bool:
    return any(role_of_size(name) in {"D", "C"} for name in init.names)


def _text_of(init: Function, name: str, default: str | None, takes_input: bool = False) -> tuple[str, ...] | None:
    """The sources of the values that a parameter may have; None where it keeps its default, or nothing tells."""
    whole, size = plain(name), role_of_size(name)
    annotation = _annotation(init, name)
    is_list = (
        "list" in annotation.lower()
        or "tuple" in annotation.lower()
        or _is_sequence(default)
        or _is_iterated(init, name)
    )
    if whole in STEPS or COUNTS.search(whole):
        return ("0.01",) if default is None and whole in STEPS else (("1",) if default is None else None)
    if "init" in whole and (default is None or default in {"True", "False"}):
        return ("False",) if default is None else None  # the weights are set anyway
    if default in {"True", "False"}:
        return (
            (default, "True" if default == "False" else "False") if FLAGS.match(name) or "bool" in annotation else None
        )
    if role_of(name) is Role.REGULARISATION and size is None:
        return ("0.0", "0.1")
    if keys := _keys_of_layers(init, name):
        return _dicts(keys)
    if default is not None and whole in AXES and re.fullmatch(r"-?[0-3]", default):
        return None
    if size is not None and (found := _size_texts(init, size, default, is_list, takes_input)):
        return found
    return _option_texts(init, name, default, annotation)


def _size_texts(
    init: Function, size: str, default: str | None, is_list: bool, takes_input: bool
) -> tuple[str, ...] | None:
    """A size, or the sizes of all layers; of a list both with one hidden layer and with two."""
    if size == "list" or is_list:
        if size == "H":
            return "[_n['H']]", "[_n['H'], _n['H2']]"
        if takes_input or _knows_input(init):
            return "[_n['H'], _n['C']]", "[_n['H'], _n['H2'], _n['C']]"
        return "[_n['D'], _n['H'], _n['C']]", "[_n['D'], _n['H'], _n['H2'], _n['C']]"
    if default is not None and re.fullmatch(r"None|'.*'|\".*\"|-?\d*\.\d+.*|\d+e-?\d+", default):
        return None
    return (f"_n[{size!r}]",)


def _option_texts(init: Function, name: str, default: str | None, annotation: str) -> tuple[str, ...] | None:
    """The values of what is no size."""
    whole = plain(name)
    if whole in {"seed", "randomseed", "randomstate"} and default in {None, "None"}:
        return ("3",)
    if whole in {"dtype", "type"}:
        return ("_O.np.float64",)
    if "bool" in annotation or (FLAGS.match(name) and default is None):
        return ("False", "True")
    if default is not None:
        texts = [text for text in init.options_of(name) if text not in {"train", "test"}]
        if whole in {"normalization", "norm", "usebatchnorm"} and texts:
            return (default, *[repr(text) for text in texts if repr(text) != default])
        return None
    if WINDOW.match(whole):
        return ("2",)
    if role_of(name) is Role.WEIGHTS:
        return ("_O.np.ones((_n['D'], _n['C']))",)
    if role_of(name) is Role.BIAS:
        return ("_O.np.ones(_n['C'])",)
    if re.search(r"(std|scale|sigma)$", whole):
        return ("0.1",)
    if re.search(r"activation|nonlinearity", whole):
        return options_for(init, name) or ("'sigmoid'",)
    values = options_for(init, name)
    return values or None


def _annotation(init: Function, name: str) -> str:
    arguments = init.node.args
    for one in [*arguments.args, *arguments.kwonlyargs]:
        if one.arg == name and one.annotation is not None:
            return ast.unparse(one.annotation)
    return ""


def _is_sequence(default: str | None) -> bool:
    return default is not None and default[:1] in {"[", "("}


def _is_iterated(init: Function, name: str) -> bool:
    """Is a parameter gone through, indexed or measured with len?"""
    for node in own_nodes(init.node):
        is_measured = isinstance(node, ast.Call) and ast.unparse(node.func) in {"len", "list", "enumerate", "zip"}
        if is_measured and any(isinstance(part, ast.Name) and part.id == name for part in getattr(node, "args", ())):
            return True
        if isinstance(node, ast.For | ast.comprehension) and isinstance(node.iter, ast.Name) and node.iter.id == name:
            return True
        if isinstance(node, ast.Starred) and isinstance(node.value, ast.Name) and node.value.id == name:
            return True
    return False


def _knows_input(init: Function) -> bool:
    """Does the constructor know the number of features itself: self.I = 785?"""
    for node in own_nodes(init.node):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and type(node.value.value) is int:
            for target in node.targets:
                text = ast.unparse(target).removeprefix("self.")
                if node.value.value > 1 and role_of_size(text) == "D":
                    return True
    return False


def variations(options: Mapping[str, Sequence[str]], without: Sequence[str] = ()) -> list[tuple[str, dict[str, str]]]:
    """The options at their first values, and with one of them changed: (label, name -> source)."""
    first = {name: values[0] for name, values in options.items()}
    found = [("", first)]
    for name, values in options.items():
        if name not in without:
            found += [(f"{name} = {said(value)}", {**first, name: value}) for value in islice(values, 1, None)]
    return found[: MOST_VARIATIONS + 1]


def said(source: str) -> str:
    """The source of an option as it is told."""
    return re.sub(r"_n\['(\w+)'\]", r"\1", source.removeprefix("lambda _n: "))
