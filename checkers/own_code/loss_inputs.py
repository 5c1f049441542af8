"""What the arguments of a loss function are, and the layouts in which data, weights and labels go together."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .facts import Facts, Function, own_nodes
from .inputs import Input, Kind, Length
from .roles import OPTIONS, Role, options_for, plain, role_of
from .strength import is_strength
from .units import Case, LossInputs

Shape = tuple[Length, ...]

# Defaults of these names shape the loss smoothly, so another value must be right, too. A clipping epsilon is none.
SHAPING = frozenset(
    """
    alpha beta delta slope negativeslope leak margin c a k lam lambda temperature gamma l1 l2 scale
    l1ratio
    """.split()  # noqa: SIM905
)
INDEX = re.compile(r"(idx|ids?|index|indices|indexes)$")
# Of two arguments that may both be the truth, the one with such a name is.
TRULY = re.compile(r"(true|truth|target|label|real|actual|expected|desired|gt$|ground|^t$|^t[a-z]$|correct|onehot)")
LIMIT = 4  # calls deep that a label is followed


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a loss function by what they are for.

    Attributes:
        options: name -> sources of its values; one that changes has several.
        unused: those that its body does not read.
        has_one_weight: its weight is a number: it stands in w * x, and nowhere as only an array can.
    """

    data: tuple[str, ...] = ()
    weights: tuple[str, ...] = ()
    biases: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    predictions: tuple[str, ...] = ()
    masks: tuple[str, ...] = ()
    regularisation: str = ""
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    has_one_weight: bool = False

    @property
    def arrays(self) -> tuple[str, ...]:
        """All that are drawn at random."""
        return (*self.data, *self.weights, *self.biases, *self.labels, *self.predictions, *self.masks)

    @property
    def is_penalty(self) -> bool:
        """Are there weights and the strength of a regulariser, and nothing else?"""
        return len(self.weights) == 1 and self.arrays == self.weights and bool(self.regularisation)

    def call(self, caller: str, names: Sequence[str], further: str = "") -> str:
        """The source of a call: arrays from fresh copies `_c`, options from `_o`.

        Args:
            further: the source of one more argument.
        """
        parts = [
            f"{name}=None"
            if name in self.unused
            else f"{name}=_c[{name!r}]"
            if name in self.arrays
            else f"{name}=_o[{name!r}]"
            for name in names
            if name in self.arrays or name in self.options or name in self.unused
        ]
        return f"{caller}({', '.join([*parts, *([further] if further else [])])})"


def arguments_of(function: Function) -> Arguments | None:
    """What each argument is for; None where that of a required one is not clear."""
    found: dict[Role, list[str]] = {}
    options: dict[str, tuple[str, ...]] = {}
    masks, unused, regularisation = [], [], ""
    for parameter in function.parameters:
        name, role = parameter.name, role_of(parameter.name)
        if plain(name) in {"mask", "masks"}:
            masks.append(name)
        elif INDEX.search(plain(name)) and not parameter.has_default:
            found.setdefault(Role.LABELS, []).append(name)
        elif is_strength(function, name):
            regularisation = name
            options[name] = ("0.0", "0.1")
        elif parameter.has_default and not (role is Role.LABELS and parameter.default == "None"):
            if name in function.used_names and (values := _values(function, name, parameter.default or "")):
                options[name] = values
        elif role is Role.SETTINGS or function.keys_of(name):
            return None
        elif name not in function.used_names:
            unused.append(name)
        elif (role is Role.OPTION and plain(name) not in {"p"}) or _is_choice(function, name):
            options[name] = options_for(function, name) or ("True",)
        else:
            found.setdefault(role, []).append(name)
    weights = [*found.pop(Role.WEIGHTS, []), *found.pop(Role.PARAMETERS, [])]
    data, labels = found.pop(Role.DATA, []), found.pop(Role.LABELS, [])
    predictions, biases = found.pop(Role.PREDICTION, []), found.pop(Role.BIAS, [])
    if not weights:
        weights = [*found.pop(Role.SHIFT, [])]
    if found:
        return None
    return Arguments(
        tuple(data), tuple(weights), tuple(biases), tuple(labels), tuple(predictions), tuple(masks), regularisation,
        options, tuple(unused), len(weights) == 1 and _is_a_number(function, weights[0]),
    )  # fmt: skip


def _is_choice(function: Function, name: str) -> bool:
    """Is it a text, or True or False, that its body asks for?"""
    return role_of(name) is Role.UNKNOWN and bool(function.options_of(name) or name in function.flags)


def _is_a_number(function: Function, name: str) -> bool:
    """Does a name stand in w * x, and nowhere as only an array can?"""
    products = [
        node for node in own_nodes(function.node) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)
    ]
    is_factor = any(
        isinstance(side, ast.Name) and side.id == name for one in products for side in (one.left, one.right)
    )
    return is_factor and name not in function.array_names


def _values(function: Function, name: str, default: str) -> tuple[str, ...]:
    """Sources of the values of an argument with a default: its own, and another where that must be right, too."""
    texts = function.options_of(name)
    if texts:
        return tuple(repr(text) for text in texts)
    if default in {"True", "False"}:
        return (
            ()
            if plain(name) in OPTIONS or re.search(r"print|plot|check|debug|verb", plain(name))
            else ("True", "False")
        )
    try:
        value = float(ast.literal_eval(default))
    except (ValueError, TypeError, SyntaxError):
        return ()
    return (default, repr(round(0.8 * value + 0.05, 4))) if plain(name) in SHAPING else ()


def cases(options: Mapping[str, tuple[str, ...]], inputs: Sequence[Input], strength: str = "") -> tuple[Case, ...]:
    """The first values of all options, then the second ones of the numbers; each value of a text or flag once.

    Args:
        strength: the option that weighs the regulariser, where its name does not tell.
    """
    inputs = tuple(inputs)
    found: dict[str, Case] = {}
    several = [name for name, values in options.items() if len(values) > 1]
    numbers = [name for name in several if options[name][0][:1] not in "'\"TF"]
    texts = [name for name in several if name not in numbers]
    for place in (0, 1) if numbers else (0,):
        for turn in range(max([1, *(len(options[name]) for name in texts)])):
            if place and turn:
                break
            chosen = {
                name: values[min(place, len(values) - 1)] for name, values in options.items() if name not in texts
            }
            chosen |= {name: options[name][min(turn, len(options[name]) - 1)] for name in texts}
            label = ", ".join(f"{name} = {_told(chosen[name])}" for name in several)
            found[label] = Case(label, chosen, inputs, strength=strength)
    return tuple(found.values())


def _told(text: str) -> str:
    return "0" if text == "0.0" else text


def kinds_of_labels(function: Function, facts: Facts, label: str) -> list[Kind]:
    """What labels may be, likeliest first: class numbers where they are used as an index, else by the formulas."""
    if is_index(function, facts, label):
        return [Kind.LABELS]
    text = ast.unparse(function.node).lower()
    doc = function.doc.lower()
    if is_taken_from_one(function, label):
        return [Kind.BINARY, Kind.REAL, Kind.ONE_HOT]
    if re.search(r"-1\s*(,|/|or|and|\|)", doc) or re.search(r"hinge|svm|margin|perceptron|maximum\(0", text):
        return [Kind.SIGNS, Kind.ONE_HOT, Kind.REAL, Kind.BINARY, Kind.LABELS]
    if "softmax" in text or "cross" in text:
        return [Kind.ONE_HOT, Kind.LABELS, Kind.BINARY, Kind.SIGNS, Kind.REAL]
    if re.search(r"\blog", text):
        return [Kind.BINARY, Kind.SIGNS, Kind.ONE_HOT, Kind.REAL, Kind.LABELS]
    return [Kind.REAL, Kind.SIGNS, Kind.BINARY, Kind.ONE_HOT, Kind.LABELS]


def is_taken_from_one(function: Function, label: str) -> bool:
    """Does 1 - y stand in a function?"""
    return any(
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Sub)
        and isinstance(node.left, ast.Constant)
        and node.left.value == 1
        and _is_same(node.right, {label})
        for node in own_nodes(function.node)
    )


def is_index(function: Function, facts: Facts, name: str, depth: int = LIMIT) -> bool:
    """Does a function, or one of the file's that it hands it to, pick entries by this argument?"""
    meant = {name}
    for node in own_nodes(function.node):
        if isinstance(node, ast.For) and _mentions(node.iter, meant):
            meant |= {one.id for one in ast.walk(node.target) if isinstance(one, ast.Name)}
        elif isinstance(node, ast.Assign) and _is_same(node.value, meant):
            meant |= {one.id for target in node.targets for one in ast.walk(target) if isinstance(one, ast.Name)}
    for node in own_nodes(function.node):
        if isinstance(node, ast.Subscript) and any(_is_same(part, meant) for part in _parts(node.slice)):
            return True
        if isinstance(node, ast.Call) and depth:
            called = _called(node, function, facts)
            if called is not None and any(
                is_index(called, facts, parameter, depth - 1) for parameter in _handed(node, called, meant)
            ):
                return True
    return False


def _called(node: ast.Call, function: Function, facts: Facts) -> Function | None:
    if isinstance(node.func, ast.Name):
        return facts.functions.get(node.func.id)
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        owner = function.owner if node.func.value.id == "self" else node.func.value.id
        return facts.classes[owner].methods.get(node.func.attr) if owner in facts.classes else None
    return None


def _handed(node: ast.Call, called: Function, meant: set[str]) -> Iterator[str]:
    for place, argument in enumerate(node.args):
        if place < len(called.names) and _is_same(argument, meant):
            yield called.names[place]
    for keyword in node.keywords:
        if keyword.arg and _is_same(keyword.value, meant):
            yield keyword.arg


def _parts(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple | ast.List) else [node]


def _mentions(node: ast.AST, names: set[str]) -> bool:
    return any(isinstance(part, ast.Name) and part.id in names for part in ast.walk(node))


def _is_same(node: ast.expr, names: set[str]) -> bool:
    """Is an expression one of the names, an entry of it, or the same in another type or shape?"""
    match node:
        case ast.Name():
            return node.id in names
        case ast.Subscript():
            return _is_same(node.value, names)
        case ast.Call(func=ast.Attribute(attr="astype" | "flatten" | "ravel" | "reshape" | "squeeze" | "tolist")):
            return isinstance(node.func, ast.Attribute) and _is_same(node.func.value, names)
        case ast.Call(func=ast.Name(id="int" | "list") | ast.Attribute(attr="array" | "asarray" | "squeeze" | "int64")):
            return bool(node.args) and _is_same(node.args[0], names)
    return False


@dataclass(frozen=True, slots=True)
class Layout:
    """Arrays that go together.

    Attributes:
        wrt: those that there may be gradients for, in the order of the arguments.
    """

    inputs: tuple[Input, ...]
    wrt: tuple[str, ...]
    loss: LossInputs | None = None
    is_last_resort: bool = False


def layouts(arguments: Arguments, kinds: Sequence[Kind], name: str) -> Iterator[Layout]:
    """The layouts of a loss function, the usual first.

    Args:
        kinds: what its labels may be.
        name: of the function; it may say that there are several classes.
    """
    if arguments.is_penalty:
        for shape in _OF_PENALTY:
            yield Layout((Input(arguments.weights[0], shape),), arguments.weights)
    if not arguments.labels:
        return
    if not arguments.weights:
        yield from _of_scores(arguments, kinds)
    elif len(arguments.weights) == 1 and len(arguments.data) == 1 and len(arguments.labels) == 1:
        yield from _linear(arguments, kinds, name)


_OF_PENALTY: tuple[Shape, ...] = (("D", "P"), ("D",), ("D", 1))
_OF_VECTORS = frozenset([Kind.BINARY, Kind.SIGNS, Kind.REAL])


def _linear(arguments: Arguments, kinds: Sequence[Kind], name: str) -> Iterator[Layout]:
    """Data times weights: a weight vector, or a column of weights for each class."""
    x, w, y = arguments.data[0], arguments.weights[0], arguments.labels[0]
    vectors: list[tuple[Shape, Shape, Shape, Shape]] = [
        (("n", "D"), ("D",), ("n",), ()),
        (("n", "D"), ("D", 1), ("n", 1), ()),
        (("n", "D"), (1, "D"), ("n", 1), ()),
        (("D", "n"), ("D", 1), (1, "n"), ()),
        (("D", "n"), ("D",), ("n",), ()),
        (("n", "D"), ("D",), ("n", 1), ()),  # as an optimiser hands the weights over, made a column within
        (("n",), (), ("n",), ()),
    ]
    if arguments.has_one_weight:
        vectors = [vectors[-1]]
    # Few classes, since every weight is measured: three, and two.
    classes: list[tuple[Shape, Shape, Shape, Shape]] = [
        (("n", "D"), ("D", "P"), ("n", "P"), ("P",)),
        (("n", "D"), ("D", "P"), ("n", "P"), (1, "P")),
        (("D", "n"), ("P", "D"), ("P", "n"), ("P", 1)),
        (("n", "D"), ("P", "D"), ("n", "P"), ("P",)),
    ]
    if not arguments.biases:
        del classes[1]
    # Some count the classes once and for all: three as in toy data, ten as in digits.
    fixed = [tuple(_with_classes(shape, count) for shape in classes[0]) for count in (3, 10)]
    has_classes = kinds[0] in {Kind.LABELS, Kind.ONE_HOT} or re.search("softmax|multi|onehot", name.lower())
    for several in (True, False) if has_classes else (False, True):
        for kind in kinds:
            if kind not in ({Kind.LABELS, Kind.ONE_HOT, Kind.REAL} if several else _OF_VECTORS):
                continue
            for shapes in [*classes, *fixed] if several else vectors:
                truth = shapes[2]
                labels = Input(y, truth, kind, axis=0 if truth == ("P", "n") else -1)
                if kind is Kind.LABELS:
                    labels = Input(y, ("n",), kind, truth[-1] if isinstance(truth[-1], int) else "P")
                inputs = {
                    x: Input(x, shapes[0]),
                    w: Input(w, shapes[1], Kind.WEIGHTS),
                    y: labels,
                    **{b: Input(b, shapes[3]) for b in arguments.biases},
                }
                wrt = (w, *arguments.biases, x)
                meaning = LossInputs(y, "", "", x, w, "".join(arguments.biases[:1]), arguments.regularisation)
                is_poor = (len(shapes[0]) == 1 and not arguments.has_one_weight) or shapes in fixed
                yield Layout(tuple(inputs.values()), wrt, meaning, is_poor)


def _with_classes(shape: Shape, count: int) -> Shape:
    return tuple(count if length == "P" else length for length in shape)


def _of_scores(arguments: Arguments, kinds: Sequence[Kind]) -> Iterator[Layout]:
    """Scores or other arrays, and labels or targets of the same shape or one for each sample."""
    free = [*arguments.data, *arguments.predictions]
    if not free or len(arguments.labels) != 1:
        return
    y = arguments.labels[0]
    several = len(free) > 1
    for kind in kinds:
        shapes: list[tuple[Shape, Shape, Shape]] = [(("n", "P"), ("n", "P"), ("n",))]
        if kind is Kind.LABELS:
            shapes = [(("n", "P"), ("n",), ("n",))]
            if arguments.masks:
                shapes = [(("n", "T", "P"), ("n", "T"), ("n", "T")), *shapes]
        elif several:
            shapes = [(("n", "P"), ("n",), ("n",)), *shapes]
        else:
            shapes += [(("n",), ("n",), ("n",)), (("n", 1), ("n", 1), ("n",))]
        for x, truth, mask in shapes:
            inputs = [Input(name, x) for name in free]
            inputs += [Input(y, truth, kind, "P"), *(Input(name, mask, Kind.BINARY) for name in arguments.masks)]
            meaning = None if several else LossInputs(y, free[0], regularisation=arguments.regularisation)
            yield Layout(tuple(inputs), tuple(free), meaning, len(x) == 1 or x[-1] == 1)
