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
    """Another of the student's functions of one argument, and a function where there is none."""
    node, scope = site.node, site.scope
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1:
        for other in scope.functions:
            if other != node.func.id:
                yield site.replaced("wrong-operand", 2, other, node.func)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and scope.arrays.get(node.id):
        for other in scope.functions:
            yield site.replaced("activation-argument", 2.8, f"{other}({node.id})")


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
        first, second = (site.text(part) for part in parts)  # type: ignore[arg-type]
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
