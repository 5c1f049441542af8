"""Sums: their axis, their range, one too many or one missing, and what a loop adds up."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .site import Edit, Site, is_method, name_of_call, number

if TYPE_CHECKING:
    from collections.abc import Iterator

REDUCTIONS = {"sum", "mean", "average", "max", "amax", "argmax", "norm", "std", "var", "prod", "min"}


def axes(site: Site) -> Iterator[Edit]:
    """Another axis of a sum or a maximum, or none."""
    node = site.node
    if not isinstance(node, ast.Call) or name_of_call(node) not in REDUCTIONS:
        return
    place = next((k for k in node.keywords if k.arg == "axis"), None)
    position = 0 if is_method(node, site.scope) else 1
    axis = place.value if place else node.args[position] if len(node.args) > position else None
    # e / e.sum() is a softmax, whatever it is called.
    quotient = site.parent if isinstance(site.parent, ast.BinOp) and isinstance(site.parent.op, ast.Div) else None
    is_softmax = quotient is not None and quotient.right is node and site.text(quotient.left) in site.text(node)
    if axis is not None:
        for text in ("0", "1", "-1", "None"):
            if text != site.text(axis):
                code = "softmax-axis" if is_softmax else "sum-missing" if text == "None" else "sum-wrong-axis"
                yield site.replaced(code, 1 if text in {"0", "1"} else 1.6, text, axis)
        if not any(k.arg == "keepdims" for k in node.keywords) and number(axis) in {0, 1}:
            first, last = site.source.span(axis)
            start, end = site.source.span(node)
            head, tail = site.source.data[start:first].decode(), site.source.data[last : end - 1].decode()
            code = "softmax-axis" if is_softmax else "sum-wrong-axis"
            yield site.replaced(code, 1.3, f"{head}{1 - int(number(axis) or 0)}{tail}, keepdims=True)")
        return
    start, end = site.source.span(node)
    before = site.source.data[start : end - 1].decode("utf-8", "replace").rstrip().rstrip(",")
    comma = "" if before.endswith("(") else ", "
    code = "softmax-axis" if is_softmax else "sum-extra"
    for axis_text in ("0", "1"):
        yield site.replaced(code, 1.5, f"{before}{comma}axis={axis_text})")
        yield site.replaced(code, 1.8, f"{before}{comma}axis={axis_text}, keepdims=True)")


def kept_dimensions(site: Site) -> Iterator[Edit]:
    """keepdims=True added to a sum over an axis, or taken away."""
    node = site.node
    if not isinstance(node, ast.Call) or name_of_call(node) not in REDUCTIONS:
        return
    kept = next((k for k in node.keywords if k.arg == "keepdims"), None)
    if kept is not None:
        other = "False" if site.text(kept.value) == "True" else "True"
        yield site.replaced("broadcast", 1, other, kept.value)
    elif any(k.arg == "axis" for k in node.keywords):
        start, end = site.source.span(node)
        before = site.source.data[start : end - 1].decode("utf-8", "replace").rstrip().rstrip(",")
        yield site.replaced("broadcast", 1.2, f"{before}, keepdims=True)")


def missing_sums(site: Site) -> Iterator[Edit]:
    """A sum over an axis round a value."""
    node, parent = site.node, site.parent
    is_value = isinstance(parent, ast.Assign | ast.Return | ast.Tuple | ast.Dict | ast.Lambda | ast.AugAssign)
    if not is_value or not isinstance(node, ast.Name | ast.BinOp | ast.Call | ast.Subscript | ast.Attribute):
        return
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return
    later = 0.5 if isinstance(parent, ast.Return | ast.Tuple) else 0.0
    text, numpy = site.text(node), site.scope.numpy
    for extra in ("axis=0", "axis=1", "axis=0, keepdims=True", "axis=1, keepdims=True", ""):
        inside = f"{text}, {extra}" if extra else text
        yield site.replaced("sum-missing", 2 + later, f"{numpy}sum({inside})")
        yield site.replaced("sum-missing", 2.5 + later, f"{numpy}mean({inside})")


def loops_over_keys(site: Site) -> Iterator[Edit]:
    """for name in grads as a loop over the weights' names only."""
    node = site.node
    if isinstance(site.statement, ast.For) and node is site.statement.iter and isinstance(node, ast.expr):
        text = site.text(node)
        yield site.replaced("regulariser-on-bias", 2, f'[key for key in {text} if "b" not in str(key).lower()]')


def accumulation(site: Site) -> Iterator[Edit]:
    """= for +=, += for =."""
    node = site.node
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and not isinstance(node.targets[0], ast.Tuple):
        target, value = site.text(node.targets[0]), site.text(node.value)
        yield site.replaced("overwritten-not-accumulated", 1.2, f"{target} += {value}")
    if isinstance(node, ast.AugAssign):
        yield site.replaced("sum-extra", 1.5, f"{site.text(node.target)} = {site.text(node.value)}")


def repeated_places(site: Site) -> Iterator[Edit]:
    """d[y] -= x, which drops all but the last of repeated places, as np.subtract.at(d, y, x)."""
    node = site.node
    if not isinstance(node, ast.AugAssign) or not isinstance(node.op, ast.Add | ast.Sub):
        return
    if isinstance(node.target, ast.Subscript):
        target = node.target
        parts = target.slice.elts if isinstance(target.slice, ast.Tuple) else [target.slice]
        if any(isinstance(part, ast.Slice) and site.text(part) != ":" for part in parts):
            return
        texts = ["slice(None)" if isinstance(part, ast.Slice) else site.text(part) for part in parts]
        place = f"({', '.join(texts)})" if len(texts) > 1 else texts[0]
        call = f"{site.scope.numpy}{'add' if isinstance(node.op, ast.Add) else 'subtract'}.at"
        text = f"{call}({site.text(target.value)}, {place}, {site.text(node.value)})"
        yield site.replaced("overwritten-not-accumulated", 1.5, text)


def ranges(site: Site) -> Iterator[Edit]:
    """A loop over one more, one fewer, from another start, or over another count."""
    node = site.node
    if not isinstance(node, ast.Call) or name_of_call(node) not in {"range", "arange", "xrange"} or not node.args:
        return
    stop = node.args[0] if len(node.args) == 1 else node.args[1]
    end = site.operand(stop)
    for text in (f"{end} - 1", f"{end} + 1"):
        yield site.replaced("sum-range", 1.2, text, stop)
    if isinstance(stop, ast.BinOp) and number(stop.right) is not None:
        yield site.replaced("sum-range", 1, site.text(stop.left), stop)
    if len(node.args) == 1:
        yield site.replaced("sum-range", 1.3, f"{ast.unparse(node.func)}(1, {site.text(stop)})")
    elif len(node.args) == 2:
        yield site.replaced("sum-range", 1, f"{ast.unparse(node.func)}({site.text(stop)})")
        for text in ("0", "1"):
            if text != site.text(node.args[0]):
                yield site.replaced("sum-range", 1, text, node.args[0])
    for count in site.scope.counts:
        if count != site.text(stop):
            yield site.replaced("sum-range", 2, count, stop)


def slices(site: Site) -> Iterator[Edit]:
    """x[1:] as x[:], x[0] as x, and a slice with other ends."""
    node = site.node
    if not isinstance(node, ast.Subscript) or not isinstance(node.ctx, ast.Load):
        return
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if any(isinstance(part, ast.Slice) for part in parts):
        for part in parts:
            if isinstance(part, ast.Slice) and (part.lower or part.upper or part.step):
                yield site.replaced("samples-dropped", 1.2, ":", part)
        if not isinstance(node.slice, ast.Tuple):
            yield site.replaced("samples-dropped", 1.3, site.text(node.value))
    elif len(parts) == 1 and number(parts[0]) is not None and isinstance(node.value, ast.Name):
        yield site.replaced("sum-missing", 1.8, site.text(node.value))
        for axis in ("axis=0", "axis=1", "axis=0, keepdims=True", "axis=1, keepdims=True"):
            yield site.replaced("sum-missing", 1.9, f"{site.scope.numpy}sum({site.text(node.value)}, {axis})")


def missing_denominators(site: Site) -> Iterator[Edit]:
    """e / e as e / e.sum()."""
    node = site.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and isinstance(node.right, ast.Name):
        divisor, numpy = site.text(node.right), site.scope.numpy
        for extra in ("", ", axis=0, keepdims=True", ", axis=1, keepdims=True"):
            yield site.replaced("sum-missing", 1.8, f"{numpy}sum({divisor}{extra})", node.right)
