"""What an argument is, from its name: data, weights, labels, an option; and the layouts in which they go together."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, product
from pathlib import Path

from .facts import Function
from .inputs import Input, Kind, Length


class Role(StrEnum):
    """What an argument is for."""

    DATA = "data"
    LABELS = "labels"
    PREDICTION = "prediction"
    WEIGHTS = "weights"
    BIAS = "bias"
    SCALE = "scale"
    """One factor for each feature: gamma."""
    SHIFT = "shift"
    STATE = "state"
    """The hidden state of a recurrent layer."""
    UPSTREAM = "upstream"
    CACHE = "cache"
    PARAMETERS = "parameters"
    REGULARISATION = "regularisation"
    SETTINGS = "settings"
    """A dict of options: conv_param."""
    OPTION = "option"
    UNKNOWN = "unknown"


# In lower case, without underscores and trailing digits.
NAMES: Mapping[Role, frozenset[str]] = {
    Role(role): frozenset(names)
    for role, names in tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8")).items()
}

# Source of an option's value where its name tells; of several values each makes a case.
OPTIONS: Mapping[str, tuple[str, ...]] = {
    "alpha": ("0.1",),
    "slope": ("0.1",),
    "negativeslope": ("0.1",),
    "leak": ("0.1",),
    "eps": ("1e-5",),
    "epsilon": ("1e-5",),
    "momentum": ("0.9",),
    "stride": ("1", "2"),
    "pad": ("1", "0"),
    "padding": ("1", "0"),
    "keepprob": ("0.7",),
    "keep": ("0.7",),
    "p": ("0.6",),
    "dropout": ("0.4",),
    "rate": ("0.4",),
    "droprate": ("0.4",),
    "dropprob": ("0.4",),
    "mode": ("'train'",),
    "training": ("True",),
    "train": ("True",),
    "istraining": ("True",),
    "seed": ("3",),
    "g": ("2",),
    "groups": ("2",),
    "numgroups": ("2",),
    "poolheight": ("2",),
    "poolwidth": ("2",),
    "poolsize": ("2",),
    "size": ("2",),
    "f": ("2",),
    "k": ("2",),
    "delta": ("1.0",),
    "margin": ("1.0",),
    "temperature": ("1.7",),
    "learningrate": ("0.01",),
    "lr": ("0.01",),
    "verbose": ("False",),
    "debug": ("False",),
    "runningmean": ("None",),
    "runningvar": ("None",),
}
LAMBDA = re.compile(r"lamb|lamd|^lm[bd]|lm[bd]$")
SEVERAL = re.compile(r"(s|vec|vector|list|range|grid|fn|func|function)$")  # lambdas, lambda_vec: no single strength
OCCASION = re.compile(r"(train(ing)?|test(ing)?|mini|batch|assess|set|data|examples?)")
MOST_LAYOUTS, MOST_GUESSED = 40, 400
USUAL = 6  # of the layouts of a kind of layer; the others count only where a gradient is right in them
SETTINGS_SUFFIX = re.compile(
    r"(param|params|config|cfg|options|opts|hparameters|hparams|hyperparameters|settings|kwargs)$"
)


def plain(name: str) -> str:
    """A name in lower case, without underscores."""
    return name.replace("_", "").lower()


def stem(name: str) -> str:
    """A plain name without the number it ends in."""
    return re.sub(r"\d+$", "", plain(name)) or plain(name)


def role_of(name: str) -> Role:
    """What an argument of this name is usually for.

    >>> role_of("W1"), role_of("prev_h"), role_of("conv_param"), role_of("y_true")
    (<Role.WEIGHTS: 'weights'>, <Role.STATE: 'state'>, <Role.SETTINGS: 'settings'>, <Role.LABELS: 'labels'>)
    """
    whole, short = plain(name), stem(name)
    for candidate in (whole, short):
        for role, names in NAMES.items():
            if candidate in names:
                return role
    if LAMBDA.search(whole) and not SEVERAL.search(whole):
        return Role.REGULARISATION
    if whole in OPTIONS:
        return Role.OPTION
    if SETTINGS_SUFFIX.search(whole):
        return Role.SETTINGS
    if "cache" in whole:
        return Role.CACHE
    if whole.startswith("w") and len(whole) <= 4:
        return Role.WEIGHTS
    if whole.startswith("b") and len(whole) <= 3:
        return Role.BIAS
    if (
        re.match(r"(d[a-z]{0,5}out|grad|dl?d?)", whole)
        and whole not in {"data", "d", "depth", "dim"}
        and len(whole) <= 8
    ):
        return Role.UPSTREAM
    without = OCCASION.sub("", whole)
    return role_of(without) if without and without != whole else Role.UNKNOWN


def is_maximised(name: str) -> bool:
    """Is a function of this name to be made large, so that its gradient may be given with either sign?

    >>> is_maximised("log_likelihood"), is_maximised("neg_log_likelihood")
    (True, False)
    """
    return re.search(r"^(?!.*(neg|minus|nll)).*likelihood", plain(name)) is not None


# How layers are laid out: role -> shape, in the order in which they are tried. A second name of the same role, such as
# Wh beside Wx, has a shape of its own.
Shapes = Mapping[Role, tuple[Length, ...]]


def options_for(function: Function, name: str) -> tuple[str, ...]:
    """Sources of the values that an option may have; none where nothing tells."""
    texts = function.options_of(name)
    whole = plain(name)
    if whole == "mode" and "train" in texts:
        return ("'train'",)
    if texts and not texts[0].isdigit():
        return tuple(repr(text) for text in texts)
    if whole in OPTIONS:
        return OPTIONS[whole]
    if role_of(name) is Role.SETTINGS:
        return settings_for(function, name)
    return ()


def settings_for(function: Function, name: str) -> tuple[str, ...]:
    """Dicts of options, by the keys that are read from them and by the name."""
    whole = plain(name)
    values = {"stride": "1", "pad": "1"} if "conv" in whole else {}
    if "pool" in whole:
        values = {"pool_height": "2", "pool_width": "2", "stride": "2"}
    if whole.startswith(("bn", "batchnorm")):
        values = {"mode": "'train'", "eps": "1e-5", "momentum": "0.9"}
    if "drop" in whole:
        values = {"mode": "'train'", "p": "0.6", "seed": "123"}
    for key in function.keys_of(name):
        if key not in values and plain(key) in OPTIONS and not plain(key).startswith("running"):
            values[key] = OPTIONS[plain(key)][0]
    found = [_dict_text(values)]
    if values.get("stride") == "1":
        found.append(_dict_text({**values, "stride": "2"}))
    if "drop" in whole:
        found.append(_dict_text({**values, "mode": "'test'"}))
    return tuple(found)


def _dict_text(values: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{key!r}: {text}" for key, text in values.items()) + "}"


@dataclass(frozen=True, slots=True)
class Layout:
    """Shapes that a layer's arrays may have together.

    Attributes:
        is_guess: not one of the field's usual ones.
    """

    arrays: Mapping[str, Input]
    is_guess: bool = False

    @property
    def is_single(self) -> bool:
        """Does it hold one sample only, so that no sum over samples shows?"""
        first = next(iter(self.arrays.values()), None)
        return first is not None and len(first.shape) <= 2 and first.shape[:1] == ("D",) and first.shape != ("D", "n")

    @property
    def label(self) -> str:
        """In words: "x (N, D), w (D, M), b (M,)"."""
        return describe(self.arrays)


def layouts(
    names: Sequence[str], ranks: Mapping[str, int] | None = None, indices: Collection[str] = ()
) -> Iterator[Layout]:
    """The layouts in which a layer's arrays may go together, the usual first.

    Args:
        names: the arrays, in the order of the arguments.
        ranks: how many axes some of them have.
        indices: those that hold whole numbers, as the words of an embedding.
    """
    seen: set[tuple[tuple[Length, ...], ...]] = set()
    if any(name in indices for name in names):
        yield from _lookups(names, indices)
        return
    usual = [(one, place >= USUAL) for place, one in enumerate(_families(names))]
    for shapes, is_guess in [*usual, *((one, True) for one in _guesses(names))]:
        key = tuple(shapes.get(name, ()) for name in names)
        fits = set(shapes) >= set(names) and all(len(shapes[n]) == r for n, r in (ranks or {}).items() if n in names)
        if fits and key not in seen and len(seen) < MOST_LAYOUTS:
            seen.add(key)
            yield Layout({name: Input(name, shapes[name], kind_of(name)) for name in names}, is_guess)


def kind_of(name: str) -> Kind:
    """What an array of this name holds: weights are scaled."""
    return Kind.WEIGHTS if role_of(name) is Role.WEIGHTS else Kind.REAL


def _lookups(names: Sequence[str], indices: Collection[str]) -> Iterator[Layout]:
    """Rows of a table, by number: an embedding."""
    for places in (("n", "T"), ("n",)):
        yield Layout(
            {
                name: Input(name, places, Kind.LABELS, "D") if name in indices else Input(name, ("D", "C"))
                for name in names
            }
        )


def _families(names: Sequence[str]) -> Iterator[_Family]:
    roles = {name: role_of(name) for name in names}
    data = [name for name in names if roles[name] in {Role.DATA, Role.UNKNOWN, Role.PREDICTION, Role.LABELS}]
    weights = [name for name in names if roles[name] is Role.WEIGHTS]
    biases = [name for name in names if roles[name] is Role.BIAS]
    factors = [name for name in names if roles[name] in {Role.SCALE, Role.SHIFT}]
    states = [name for name in names if roles[name] is Role.STATE]
    if states or len(weights) > 1:
        return _recurrent(data, weights, biases, states)
    if factors:
        return _normalising(data, factors, weights, biases)
    if weights:
        return _linear(data, weights, biases)
    return _elementwise(data, biases)


def _guesses(names: Sequence[str]) -> Iterator[_Family]:
    """Every array in every shape that one of its role may have, the data first."""
    some: Mapping[Role, list[tuple[Length, ...]]] = {
        Role.WEIGHTS: [("D", "C"), ("C", "D"), ("D", "K", "C"), ("K", "D", "C"), ("D", "D", "C"), ("D",)],
        Role.BIAS: [("C",), ("D",), ("K", "C"), ("C", 1), ()],
        Role.SCALE: [("D",), ("C",), (1, "D"), ()],
        Role.SHIFT: [("D",), ("C",), (1, "D"), ()],
        Role.STATE: [("n", "H"), ("n", "D")],
    }
    first = [("n", "D"), ("n", "T", "D"), (2, "K", 4, 4), ("D", "n"), ("D",)]
    other = [("n", "D"), ("D",), (), ("D", "C"), ("n",), ("n", "T", "D"), (1, "D"), ("K",)]
    square = {Role.WEIGHTS: ("D", "D"), Role.BIAS: ("D",), Role.SCALE: ("D",), Role.SHIFT: ("D",)}
    yield {name: square.get(role_of(name), ("n", "D")) for name in names}
    choices = [first if place == 0 else some.get(role_of(name), other) for place, name in enumerate(names)]
    for shapes in islice(product(*choices), MOST_GUESSED):
        yield dict(zip(names, shapes, strict=True))


_Family = dict[str, tuple[Length, ...]]


def _linear(data: Sequence[str], weights: Sequence[str], biases: Sequence[str]) -> Iterator[_Family]:
    kinds: list[tuple[tuple[Length, ...], ...]] = [
        (("n", "D"), ("D", "C"), ("C",)),
        (("D", "n"), ("C", "D"), ("C", 1)),
        ((2, "K", 5, 5), (3, "K", 3, 3), (3,)),
        ((2, 4, 4, "K"), (3, 3, "K", 3), (1, 1, 1, 3)),
        (("n", "D"), ("C", "D"), ("C",)),
        (("n", "D"), ("D", "C"), (1, "C")),
        (("n", "D"), ("D",), ()),
        (("n", "D"), ("D", 1), ()),
        (("D", "n"), ("D", 1), ()),
        (("D", "n"), ("D",), ()),
        ((2, 4, 4, "K"), (2, 2, "K", 3), (1, 1, 1, 3)),
        ((2, 5, 5, "K"), (3, "K", 3, 3), (3,)),
        ((5, 6), (3, 3), ()),
        (("D",), ("C", "D"), ("C",)),
        (("D",), ("D", "C"), ("C",)),
        (("D", 1), ("C", "D"), ("C", 1)),
        (("n", "D"), ("n", "D"), ("D",)),
        (("D",), ("D",), ()),
    ]
    for x, w, b in kinds:
        yield {**dict.fromkeys(data, x), **dict.fromkeys(weights, w), **dict.fromkeys(biases, b)}


def _normalising(
    data: Sequence[str], factors: Sequence[str], weights: Sequence[str], biases: Sequence[str]
) -> Iterator[_Family]:
    kinds: list[tuple[tuple[Length, ...], tuple[Length, ...]]] = [
        (("n", "D"), ("D",)),
        ((2, 6, 3, 2), (6,)),
        ((2, 6, 3, 2), (1, 6, 1, 1)),
        ((2, 3, 2, 6), (6,)),
        (("D", "n"), ("D", 1)),
        (("n", "D"), (1, "D")),
        (("n", "D"), ()),
    ]
    if weights:  # an affine layer before it
        affine: _Family = {**dict.fromkeys(data, ("n", "D")), **dict.fromkeys(weights, ("D", "C"))}
        yield {**affine, **dict.fromkeys(biases, ("C",)), **dict.fromkeys(factors, ("C",))}
        return
    for x, g in kinds:
        yield {**dict.fromkeys(data, x), **dict.fromkeys(factors, g), **dict.fromkeys(biases, g)}


def _elementwise(data: Sequence[str], biases: Sequence[str]) -> Iterator[_Family]:
    kinds: list[tuple[Length, ...]] = [
        ("n", "D"),
        (2, "K", 4, 4),
        ("D", "n"),
        (2, 4, 4, "K"),
        ("n",),
        (2, 3, "D"),
        ("n", 1),
    ]
    for x in kinds:
        yield {**dict.fromkeys(data, x), **dict.fromkeys(biases, x[-1:])}
    if len(data) == 2:
        one, other = data
        yield {one: ("n", "D"), other: ("D",)}
        yield {one: ("n", "D"), other: ("D", "C")}
        yield {one: ("n", "D"), other: ()}


def _recurrent(
    data: Sequence[str], weights: Sequence[str], biases: Sequence[str], states: Sequence[str]
) -> Iterator[_Family]:
    """h' = f(x Wx + h Wh + b), one step or a sequence, in rows or columns; two affine layers in a row."""
    if len(weights) == 2 and states:
        for wide, x in product(("H", "4H"), (("n", "D"), ("n", "T", "D"))):
            shapes: _Family = {**dict.fromkeys(data, x), **dict.fromkeys(states, ("n", "H"))}
            yield {**shapes, weights[0]: ("D", wide), weights[1]: ("H", wide), **dict.fromkeys(biases, (wide,))}
        columns: _Family = {**dict.fromkeys(data, ("D", "n")), **dict.fromkeys(states, ("H", "n"))}
        yield {**columns, weights[0]: ("H", "D"), weights[1]: ("H", "H"), **dict.fromkeys(biases, ("H", 1))}
    if len(weights) == 2 and not states:
        for b1, b2 in (("H",), ("C",)), ((1, "H"), (1, "C")):
            yield {
                **dict.fromkeys(data, ("n", "D")),
                weights[0]: ("D", "H"),
                weights[1]: ("H", "C"),
                **dict(zip(biases, (b1, b2), strict=False)),
            }
        yield {
            **dict.fromkeys(data, ("D", "n")),
            weights[0]: ("H", "D"),
            weights[1]: ("C", "H"),
            **dict(zip(biases, (("H", 1), ("C", 1)), strict=False)),
        }


LETTERS = {"n": "N", "D": "D", "E": "D + 1", "C": "M", "H": "H", "K": "C", "P": "C"}


def describe(arrays: Mapping[str, Input]) -> str:
    """A layout in words: "x (N, D), w (D, M), b (M,)"."""
    return ", ".join(f"{one.name} {shape_text(one.shape)}" for one in arrays.values())


def shape_text(shape: Sequence[Length]) -> str:
    """A shape in the letters of the field."""
    parts = [LETTERS.get(length, length) if isinstance(length, str) else str(length) for length in shape]
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
