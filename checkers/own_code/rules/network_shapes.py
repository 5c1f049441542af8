"""The layouts of a network: data, labels, weights and biases in rows or in columns, and the sizes of its layers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from checkers.own_code.inputs import Input, Kind, Length
from checkers.own_code.roles import describe

from .network_parts import Parameters

OUTPUTS = "C"
HIDDEN = {1: (), 2: ("H",), 3: ("H", "K"), 4: ("H", "K", "D"), 5: ("H", "K", "D", "H")}


@dataclass(frozen=True, slots=True)
class Layout:
    """Shapes that go together, with the words for them."""

    label: str
    inputs: tuple[Input, ...]
    in_columns: bool

    @property
    def samples(self) -> str:
        """Source of the number of samples."""
        return f"_v['X'].shape[{1 if self.in_columns else 0}]"


@dataclass(frozen=True, slots=True)
class _Style:
    """How one family of students writes an affine layer.

    Attributes:
        weights: "in out" or "out in".
        bias: "(d, 1)", "(1, d)", "(d,)"; "number" for the last layer's where it has one output.
        output: "matrix", or "vector" where a single output has no axis.
    """

    in_columns: bool
    weights: str
    bias: str
    output: str = "matrix"


COLUMNS = (_Style(True, "out in", "(d, 1)"), _Style(True, "in out", "(d, 1)"), _Style(True, "out in", "(d,)"))
ROWS = (
    _Style(False, "in out", "(1, d)"),
    _Style(False, "in out", "(d,)"),
    _Style(False, "out in", "(d,)"),
)
SINGLE = (
    _Style(True, "in out", "number"),
    _Style(True, "out in", "number"),
    _Style(False, "in out", "number"),
    _Style(False, "in out", "number", "vector"),
)
COLUMN_EVIDENCE = re.compile(r"\.shape\[1\]|\.shape\[-1\]|axis=1, keepdims=True|, m = \w+\.shape")
SOFTMAX = re.compile(r"softmax|/ (np\.sum\(|\w+\.sum\().*(axis|keepdims)", re.IGNORECASE)
PROBABILITIES = re.compile(r"\blog\w*\(|\bsigm\w*\(|\bexpit\(|np\.exp\(")


def layouts_of(parameters: Parameters, text: str, is_for_one: bool = False) -> Iterator[Layout]:
    """The layouts in which a network may work, likeliest first.

    Args:
        text: source of the network's functions, for evidence: which axis counts samples, what the output is.
        is_for_one: does it work on one sample at a time?
    """
    in_columns = len(COLUMN_EVIDENCE.findall(text)) >= len(re.findall(r"\.shape\[0\]|axis=0|\blen\(", text))
    for is_single in _outputs(text):
        last = len(parameters.weights) == 1
        styles: tuple[tuple[_Style, ...], ...] = (COLUMNS, ROWS, SINGLE) if in_columns else (ROWS, COLUMNS, SINGLE)
        if last and parameters.biases:
            styles = (SINGLE[:2], COLUMNS, ROWS, SINGLE[2:]) if in_columns else (SINGLE[2:], ROWS, COLUMNS, SINGLE[:2])
        for style in [one for some in styles for one in some]:
            if style in SINGLE and not is_single:
                continue
            for layout in _layout(parameters, style, is_single and not is_for_one, text):
                yield _for_one(layout) if is_for_one else layout


def _for_one(layout: Layout) -> Layout:
    """The same for a single sample."""
    inputs = tuple(replace(one, shape=tuple(1 if size == "n" else size for size in one.shape)) for one in layout.inputs)
    return Layout(describe({one.name: one for one in inputs}), inputs, layout.in_columns)


def _outputs(text: str) -> tuple[bool, ...]:
    """Has the network one output? The likeliest first."""
    if SOFTMAX.search(text):
        return (False,)
    if re.search(r"\w+, \w+\)? = [yY]\w*\.shape", text):
        return False, True
    return (True, False) if PROBABILITIES.search(text) else (False, True)


def _layout(parameters: Parameters, style: _Style, is_single: bool, text: str) -> Iterator[Layout]:
    depth = len(parameters.weights)
    if depth not in HIDDEN:
        return
    output: Length = 1 if is_single else OUTPUTS
    hidden: tuple[Length, ...] = HIDDEN[depth]
    widths = [hidden]
    if depth == 3 and is_single:
        widths = [("H", "C")]
    if parameters.is_open:
        widths.append(("H",) * (depth - 1))  # some code is only for hidden layers of one width
    for some in widths:
        arrays = list(_arrays(parameters, style, ("D", *some, output)))
        x = Input("X", ("D", "n") if style.in_columns else ("n", "D"))
        for y in _labels(style, is_single, text):
            inputs = (x, *arrays, y)
            yield Layout(describe({one.name: one for one in inputs}), inputs, style.in_columns)


def _arrays(parameters: Parameters, style: _Style, sizes: tuple[Length, ...]) -> Iterator[Input]:
    for layer, name in enumerate(parameters.weights):
        before, after = sizes[layer], sizes[layer + 1]
        is_last = layer == len(parameters.weights) - 1
        shape: tuple[Length, ...] = (before, after) if style.weights == "in out" else (after, before)
        if is_last and style.output == "vector":
            shape = (before,)
        yield Input(name, shape, Kind.WEIGHTS)
        if parameters.biases:
            bias: tuple[Length, ...] = {"(d, 1)": (after, 1), "(1, d)": (1, after)}.get(style.bias, (after,))
            if style.bias == "number":
                bias = () if is_last else (after, 1) if style.in_columns else (after,)
            yield Input(parameters.biases[layer], bias)


def _labels(style: _Style, is_single: bool, text: str) -> Iterator[Input]:
    axis = 0 if style.in_columns else -1
    width: Length = 1 if is_single else OUTPUTS
    shape: tuple[Length, ...] = (width, "n") if style.in_columns else ("n", width)
    if style.output == "vector":
        shape = ("n",)
    if SOFTMAX.search(text):
        yield Input("Y", shape, Kind.ONE_HOT, axis=axis)
        if re.search(r"np\.(arange|eye)\(|range\(|one_?hot", text):
            yield Input("Y", ("n",), Kind.LABELS, classes=OUTPUTS)
    else:
        yield Input("Y", shape, Kind.BINARY if PROBABILITIES.search(text) else Kind.REAL)
