"""Names and indices: another array of the same shape, another key, another function, the next index."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .site import Edit, Site, number

if TYPE_CHECKING:
    from collections.abc import Iterator


def operands(site: Site) -> Iterator[Edit]:
    """Another array of the same shape in scope."""
    node = site.node
    if not isinstance(node, ast.Name | ast.Attribute | ast.Subscript) or not isinstance(node.ctx, ast.Load):
        return
    if isinstance(site.parent, ast.Attribute | ast.Call) and getattr(site.parent, "func", None) is node:
        return
    text = site.text(node)
    shape = site.scope.arrays.get(text)
    in_index = isinstance(site.parent, ast.Subscript) and site.parent.slice is node
    for other, other_shape in site.scope.arrays.items():
        if other == text or (shape is not None and shape != other_shape):
            continue
        if shape is None and (isinstance(node, ast.Name) or not other_shape):
            continue
        yield site.replaced("wrong-index" if in_index else "wrong-operand", 2, other)


def functions(site: Site) -> Iterator[Edit]:
    """Another of the student's functions of one argument, or one where there is none."""
    node, scope = site.node, site.scope
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1:
        for other in scope.functions:
            if other != node.func.id:
                yield site.replaced("wrong-operand", 2, other, node.func)
    is_value = isinstance(node, ast.Name | ast.Subscript) and isinstance(node.ctx, ast.Load)
    if is_value and not _is_number(site) and not site.within(ast.Subscript):
        for other in scope.functions:
            yield site.replaced("activation-argument", 2.3, f"{other}({site.text(node)})")  # type: ignore[arg-type]


def turned_round(site: Site) -> Iterator[Edit]:
    """f(x), of one of the student's own functions, as f(x.T).T: written for rows, called with columns."""
    node = site.node
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or len(node.args) != 1:
        return
    if node.func.id in site.scope.functions:
        text = f"{node.func.id}({site.operand(node.args[0])}.T).T"
        yield site.replaced("softmax-axis" if "softmax" in node.func.id else "transposed", 1.8, text)


def _is_number(site: Site) -> bool:
    return site.scope.arrays.get(site.text(site.node)) == ()  # type: ignore[arg-type]


def everywhere(site: Site) -> Iterator[Edit]:
    """A name that stands several times in an expression as another one, or as a function of it, in all places."""
    node = site.node
    if node is not site.statement or not isinstance(node, ast.Assign | ast.Return | ast.AugAssign) or not node.value:
        return
    places: dict[str, list[ast.Name]] = {}
    for part in ast.walk(node.value):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load) and site.scope.arrays.get(part.id):
            places.setdefault(part.id, []).append(part)
    for name, found in places.items():
        if len(found) < 2:
            continue
        shape = site.scope.arrays[name]
        others = [other for other, known in site.scope.arrays.items() if known == shape and other != name]
        calls = [f"{function}({name})" for function in (*site.scope.functions, f"{site.scope.numpy}tanh")]
        for cost, code, texts in ((2.2, "wrong-operand", others), (2.5, "activation-argument", calls)):
            for text in texts:
                yield site.all_replaced(code, cost, found, [text] * len(found), node.value)


ALIKE = {"maximum": "minimum", "minimum": "maximum", "tanh": "sinh", "log": "exp", "exp": "log", "log2": "log"}
ALIKE |= {"log10": "log", "argmax": "max", "ones_like": "zeros_like", "ones": "zeros", "log1p": "log", "expm1": "exp"}


def library_functions(site: Site) -> Iterator[Edit]:
    """NumPy's own function that was meant: exp for log, maximum for minimum."""
    node = site.node
    if isinstance(node, ast.Attribute) and node.attr in ALIKE and isinstance(site.parent, ast.Call):
        yield site.replaced("wrong-operand", 2, f"{site.text(node.value)}.{ALIKE[node.attr]}")


def indices(site: Site) -> Iterator[Edit]:
    """The next index or the one before, indices swapped, a whole column for single entries."""
    node = site.node
    if not isinstance(node, ast.Subscript):
        return
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    for part in parts:
        value = number(part)
        if value is not None:
            is_size = isinstance(node.value, ast.Attribute) and node.value.attr == "shape"
            if is_size and value in {0, 1}:
                yield site.replaced("wrong-count", 1, str(1 - int(value)), part)
                continue
            for other in {value + 1, value - 1, -value, 0, -1} - {value}:
                yield site.replaced("wrong-index", 1.5, f"{other:g}", part)
        elif isinstance(part, ast.Name | ast.BinOp) and not isinstance(part, ast.Slice):
            text = site.operand(part)
            for other_text in (f"{text} - 1", f"{text} + 1"):
                yield site.replaced("wrong-index", 1.5, other_text, part)
            if isinstance(part, ast.BinOp):
                yield site.replaced("wrong-index", 1.2, site.text(part.left), part)
        if isinstance(part, ast.Slice):
            continue
    if len(parts) == 2:
        first, second = (site.text(part) for part in parts)
        value_text = site.text(node.value)
        yield site.replaced("wrong-index", 1.2, f"{value_text}[{second}, {first}]")
        if first == ":":
            rows = f"{site.scope.numpy}arange(len({second}))"
            yield site.replaced("wrong-index", 1.8, f"{value_text}[{rows}, {second}]")


def keys(site: Site) -> Iterator[Edit]:
    """Another key of the same dict."""
    node = site.node
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        front = f"{site.text(node.value)}["
        for other in site.scope.arrays:
            if other.startswith(front) and other != site.text(node):
                yield site.replaced("wrong-operand", 1.8, other)
