"""Costs of all parameters in one vector: nnCostFunction(nn_params, input_size, hidden_size, num_labels, X, y, lam)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, permutations

from checkers.own_code.claims import bare, is_gradient_name
from checkers.own_code.facts import Facts, Function
from checkers.own_code.inputs import Input, Kind
from checkers.own_code.loss_inputs import cases, is_index
from checkers.own_code.parameter_vector import ParameterVector, argument_names, parameter_vector
from checkers.own_code.roles import Role, describe, options_for, plain, role_of
from checkers.own_code.units import Case, Nature, Reading, Unit

from .losses import LOSS_TEXT, USES, functions_of, scope_of
from .losses_of_gradients import GRADIENT_NAME, LOSS_NAME, losses_of

# Distinct primes, and E = D + 1 for data with a column of ones. Small, since the vector's length is their products;
# at least as many samples as classes, so that no class is left out.
SIZES: tuple[Mapping[str, int], ...] = (
    {"n": 5, "D": 7, "E": 8, "H": 2, "C": 3},
    {"n": 7, "D": 3, "E": 4, "H": 5, "C": 2},
)
# What an argument that is a size counts, by its name: H hidden units, n films beside C users, C classes, D features.
COUNTED: Mapping[str, re.Pattern[str]] = {
    "H": re.compile(r"hid|^n?h$"),
    "n": re.compile(r"movie|film|product|item|book|^nm$"),
    "C": re.compile(r"label|class|out|user|^nu$|^n?[cky]$"),
    "D": re.compile(r"in(put|put?s)?$|input|visible|feature|^n?[dfx]$"),
}
LISTED = {2: "DC", 3: "DHC"}  # sizes in a list: of the input, the hidden layer, the output
MOST_SIZES = 6  # ways to give sizes to arguments whose names do not tell
# Of a cost, what some call its learning rate is the strength of its regulariser, too.
REGULARISER = re.compile(r"^(l|lam\w*|lmb?d\w*|reg\w*|learningrate)$")
COST_TEXT = re.compile(r"^(obj|cost|loss|j|error)_?(val(ue)?|func(tion)?|reg|total)?$")
GRADIENT_TEXT = re.compile(r"grad|\bd_?[A-Zb]\w*")
MASK = re.compile(r"^(r|rated|mask|indicator)$")
DATA = re.compile(r"^train(ing)?data$")
NUMBERS: Mapping[re.Pattern[str], tuple[str, ...]] = {
    re.compile(r"sparsity|^rho$"): ("0.1", "0.2"),
    re.compile(r"^beta$"): ("0.3", "0.7"),
}


def find(facts: Facts) -> Iterator[Unit]:
    """Every function of the file that returns a cost with the gradient of such a vector, or such a gradient alone."""
    for function in functions_of(facts):
        vector = parameter_vector(function, facts)
        if vector is None or USES.search(function.name.lower()) or function.is_unfinished:
            continue
        unit = _with_gradient(function, vector, facts) or _of_another(function, vector, facts)
        if unit is not None:
            yield unit


def _with_gradient(function: Function, vector: ParameterVector, facts: Facts) -> Unit | None:
    """The unit of a function that returns (cost, gradient), or (cost, gradient of one matrix, of the next)."""
    texts = next((t for t in reversed(function.returns) if len(t) > 1), ())
    is_cost = LOSS_NAME.search(function.name.lower()) is not None
    costs = [i for i, text in enumerate(texts) if LOSS_TEXT.match(text.lower()) or COST_TEXT.match(text.lower())]
    place = next(iter(costs), 0 if is_cost else None)
    if not texts or place is None:
        return None
    rest = texts[:place] + texts[place + 1 :]
    has_gradient = any(is_gradient_name(text) or GRADIENT_TEXT.search(text) for text in rest)
    if not is_cost and not has_gradient:
        return None
    split = f"_loss, _rest = _T.part_and_rest({{call}}, {place})"
    rule = f"{function.full_name} returns a cost and its gradient, all parameters in one vector"
    in_order = len(rest) == 1 or [plain(part) for part in vector.parts] == [bare(text) for text in rest]
    is_guess = not (has_gradient and in_order)
    return _unit(function, function, vector, facts, split, rule, rest, is_guess)


def _of_another(function: Function, vector: ParameterVector, facts: Facts) -> Unit | None:
    """The unit of a gradient function whose cost is another function of the same arguments."""
    found = losses_of(function, scope_of(function, facts)) if GRADIENT_NAME.search(function.name.lower()) else []
    value = found[0].function if found else None
    if value is None or value.is_unfinished or set(argument_names(value)) != set(argument_names(function)):
        return None
    rule = f"{value.full_name} and {function.full_name}: a cost and its gradient, all parameters in one vector"
    texts = function.returns[-1] if function.returns else ()
    return _unit(function, value, vector, facts, "", rule, texts, is_guess=len(texts) != 1 or bool(found[0].doubt))


def _unit(
    function: Function,
    value: Function,
    vector: ParameterVector,
    facts: Facts,
    split: str,
    rule: str,
    returned: tuple[str, ...],
    is_guess: bool,
) -> Unit | None:
    arguments = _arguments_of(function, value, vector)
    if arguments is None:
        return None
    given = list(_sizes_of(vector))
    layouts = list(_layouts(arguments, is_index(value, facts, arguments.labels)))
    readings = [
        _reading(function, value, arguments, split, sizes, layout, is_guess or len(given) > 1)
        for sizes in given
        for layout in layouts
    ]
    if not readings:
        return None
    return Unit(
        name=function.full_name,
        nature=Nature.LOSS,
        value_name=f"the cost of {function.full_name}" if function is value else value.full_name,
        rule=rule,
        line=function.line,
        readings=tuple(readings),
        functions=tuple(dict.fromkeys([value.full_name, function.full_name])),
        returned=(returned,) if len(returned) == 1 else (),
    )


# Arguments --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Arguments:
    """What each argument is for: the data, the labels, a mask of known ratings, numbers; "" where there is none."""

    vector: ParameterVector
    data: str
    labels: str
    mask: str
    options: Mapping[str, tuple[str, ...]]

    def call(self, function: Function) -> str:
        """The source of a call: arrays from fresh copies `_c`, numbers from `_o`."""
        parts = [self._text(name) for name in argument_names(function)]
        named = [one.name for one in function.parameters if one.has_default and one.name in self.options]
        return f"{function.full_name}({', '.join([*parts, *(f'{name}=_o[{name!r}]' for name in named)])})"

    def _text(self, name: str) -> str:
        if name in {self.vector.name, self.data, self.labels, self.mask}:
            return f"_c[{name!r}]"
        return f"_o[{name!r}]"


def _arguments_of(function: Function, value: Function, vector: ParameterVector) -> _Arguments | None:
    """What the arguments are for; None where that is not clear."""
    found: dict[str, str] = {}
    options: dict[str, tuple[str, ...]] = {}
    required = argument_names(function)
    used = function.used_names | value.used_names
    for name in dict.fromkeys([*required, *function.names]):
        if name == vector.name or name in vector.sizes:
            continue
        kind = _kind(name)
        if _is_regulariser(name):
            options[name] = ("0.0", "0.1")
        elif name not in required:
            continue  # its default
        elif name not in used:
            options[name] = ("None",)
        elif values := _values(function, name):
            options[name] = values
        elif kind and kind not in found:
            found[kind] = name
        else:
            return None
    arguments = _Arguments(vector, found.get("data", ""), found.get("labels", ""), found.get("mask", ""), options)
    is_complete = arguments.labels if arguments.mask else arguments.data
    return arguments if is_complete and not (arguments.mask and arguments.data) else None


def _kind(name: str) -> str:
    """What an array is for; "" where its name does not tell."""
    if MASK.search(plain(name)):
        return "mask"
    return "data" if DATA.search(plain(name)) else {Role.DATA: "data", Role.LABELS: "labels"}.get(role_of(name), "")


def _is_regulariser(name: str) -> bool:
    return role_of(name) is Role.REGULARISATION or REGULARISER.search(plain(name)) is not None


def _values(function: Function, name: str) -> tuple[str, ...]:
    """Sources of the values of an argument that is a number or a flag; the letter of a size that is read elsewhere."""
    numbers = next((values for pattern, values in NUMBERS.items() if pattern.search(plain(name))), ())
    if numbers:
        return numbers
    if name in function.flags:
        return ("True",)
    if role_of(name) is Role.OPTION:
        return options_for(function, name)
    letter = _counted(name) if role_of(name) is Role.UNKNOWN and name not in function.array_names else ""
    return (letter,) if letter and not MASK.search(plain(name)) else ()


def _counted(name: str) -> str:
    """The letter of the size that an argument is called by; "" where its name does not tell."""
    return next((letter for letter, pattern in COUNTED.items() if pattern.search(plain(name))), "")


def _sizes_of(vector: ParameterVector) -> Iterator[dict[str, str]]:
    """The letters of the sizes that each argument may be; one way where the names tell."""
    if any(vector.sizes.values()):
        (count, *others) = vector.sizes.values()
        if not others and count in LISTED:
            yield {next(iter(vector.sizes)): LISTED[count]}
        return
    told = {name: _counted(name) for name in vector.sizes}
    if all(told.values()) and len(set(told.values())) == len(told):
        yield told
        return
    for letters in islice(permutations("DHC", len(told)), MOST_SIZES) if len(told) <= len("DHC") else ():
        yield dict(zip(told, letters, strict=True))


# Layouts ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Layout:
    """What is drawn, what is done with it before a call, and what is told of it."""

    inputs: tuple[Input, ...]
    prepare: str = ""
    told: str = ""


def _layouts(arguments: _Arguments, are_indices: bool) -> Iterator[_Layout]:
    x, y, mask = arguments.data, arguments.labels, arguments.mask
    if mask:
        for shape in ("n", "C"), ("C", "n"):
            ratings = (Input(y, shape), Input(mask, shape, Kind.BINARY))
            yield _Layout(ratings, f"_c[{y!r}] = _c[{y!r}] * _c[{mask!r}]", f"; {y} 0 where {mask} is 0")
    elif not y:
        yield _Layout((Input(x, ("n", "D"), Kind.UNIT),))
        yield _Layout((Input(x, ("D", "n"), Kind.UNIT),))
    else:
        ones = Input(x, ("n", "E"), Kind.WITH_ONES)
        for data in (Input(x, ("n", "D")), ones, Input(x, ("D", "n")), Input(x, ("E", "n"))):
            kinds = [_one_hot(data, y), _numbered(data, y)]
            yield from [layout for kind in (reversed(kinds) if are_indices else kinds) for layout in kind]


def _one_hot(data: Input, y: str) -> Iterator[_Layout]:
    """Labels that few functions of class numbers can take, so that they are tried first."""
    yield _Layout((data, Input(y, ("n", "C"), Kind.ONE_HOT)), "", f"; {y} one-hot")
    yield _Layout((data, Input(y, ("C", "n"), Kind.ONE_HOT, axis=0)), "", f"; {y} one-hot")


def _numbered(data: Input, y: str) -> Iterator[_Layout]:
    """Labels as numbers from 0, and from 1 as in Octave."""
    for shape in ("n",), ("n", 1), (1, "n"):
        labels = Input(y, shape, Kind.LABELS)
        yield _Layout((data, labels), "", f"; {y} class numbers from 0")
        yield _Layout((data, labels), f"_c[{y!r}] = _c[{y!r}] + 1", f"; {y} class numbers from 1")


def _reading(
    function: Function,
    value: Function,
    arguments: _Arguments,
    split: str,
    sizes: Mapping[str, str],
    layout: _Layout,
    is_guess: bool,
) -> Reading:
    name = arguments.vector.name
    fresh = f"_c = _T.fresh(_v)\n{layout.prepare}\n"
    gradient_call = arguments.call(function)
    cost = split.format(call=gradient_call) if split else f"_loss = {arguments.call(value)}"
    body = f"{fresh}{cost}\n"
    rest = "" if split else f"{fresh}_rest = {gradient_call}\n"
    trial = f"_v = {{**_given, {name!r}: _vector}}\n{body if split else rest}return _rest"
    return Reading(
        label=f"{describe({one.name: one for one in layout.inputs})}{layout.told}",
        value=f"{body}return _T.number(_loss)",
        gradient=f"{body}{rest}return _T.number(_loss), _T.unrolled(_rest)",
        parameters=f"""\
_given = _v
def _gradient_of(_vector):
{_indented(trial)}
return {{{name!r}: _T.shortest_fitting(_gradient_of)}}
""",
        cases=tuple(_cases(arguments, sizes, layout)),
        wrt=(name,),
        is_guess=is_guess,
    )


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.split("\n"))


def _cases(arguments: _Arguments, sizes: Mapping[str, str], layout: _Layout) -> Iterator[Case]:
    """The numbers in each of their values; a size is a number that belongs to its set of sizes."""
    for lengths in SIZES:
        options = {
            name: tuple(_in_numbers(text, lengths) for text in texts) for name, texts in arguments.options.items()
        }
        listed = {name: str([lengths[one] for one in letters]) for name, letters in sizes.items()}
        counts = {name: text if arguments.vector.sizes[name] else text.strip("[]") for name, text in listed.items()}
        for case in cases({**options, **{name: (text,) for name, text in counts.items()}}, layout.inputs):
            yield Case(case.label, case.options, case.inputs, (lengths,))


def _in_numbers(text: str, lengths: Mapping[str, int]) -> str:
    return str(lengths[text]) if text in lengths else text
